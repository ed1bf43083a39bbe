import { flagAttribute } from './layer.ts';
import { describeDefault, isRepeatable, type Setting } from './setting.ts';
import { CONFIG_FILE, SETTING_LIST } from './settings.ts';

/** What a command line needs to know of a flag. All values stay text: {@link loadConfig} reads and checks them. */
export interface FlagSpec {
  /** `--gossip-factor` */
  readonly flag: string;
  /** Its name among the parsed options: `gossipFactor`. */
  readonly attribute: string;
  /** With its brackets: `<count>`; `[true|false]` when the flag alone means true. */
  readonly placeholder: string;
  readonly description: string;
  /** Given several times, its values are collected in a list. */
  readonly repeatable: boolean;
}

/** Every flag of the agent that is a setting, and `--config`, in the order of the help. */
export function flagSpecs(): readonly FlagSpec[] {
  return [
    {
      flag: CONFIG_FILE.flag,
      attribute: flagAttribute(CONFIG_FILE.flag),
      placeholder: `<${CONFIG_FILE.placeholder}>`,
      description: `${CONFIG_FILE.summary} [${CONFIG_FILE.variable}]`,
      repeatable: false,
    },
    ...SETTING_LIST.map((setting) => ({
      flag: setting.flag,
      attribute: flagAttribute(setting.flag),
      placeholder: setting.kind.shape === 'boolean' ? `[${setting.placeholder}]` : `<${setting.placeholder}>`,
      description: `${sentences(setting)} Default: ${describeDefault(setting)}. [${setting.variable}]`,
      repeatable: isRepeatable(setting),
    })),
  ];
}

/** All settings as a table in Markdown, for the documentation. */
export function renderSettingsTable(): string {
  const rows = [
    ['Flag', 'Variable', 'Key', 'Default', 'Must be', 'Meaning'],
    ['---', '---', '---', '---', '---', '---'],
    [code(CONFIG_FILE.flag), code(CONFIG_FILE.variable), '', 'none', 'a file that can be read', CONFIG_FILE.summary],
    ...SETTING_LIST.map((setting) => [
      code(setting.flag) + (isRepeatable(setting) ? ' (repeatable)' : ''),
      code(setting.variable),
      code(setting.key),
      setting.standardWords ?? (describeDefault(setting) === 'none' ? 'none' : code(describeDefault(setting))),
      setting.kind.expects,
      sentences(setting),
    ]),
  ];
  return rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |\n`).join('');
}

function sentences({ summary, advice }: Setting): string {
  return advice === undefined ? summary : `${summary} ${advice}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
