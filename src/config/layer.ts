import type { GivenText } from './kind.ts';
import type { ConfigProblem } from './problem.ts';
import type { Setting } from './setting.ts';
import { isRepeatable } from './setting.ts';
import { CONFIG_FILE } from './settings.ts';
import { placeOf, type Source } from './source.ts';
import { nearest, printable } from './text.ts';

/** What one source gave for one setting. */
export interface Given {
  readonly source: Source;
  /** Absent when what was given was no text at all; that is reported already. */
  readonly texts?: readonly GivenText[];
}

/** What one source (the flags, the environment, the file) gave, by the keys of the settings. */
export interface Layer {
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly ConfigProblem[];
}

/** Flags by their names in camel case, as commander's `opts()` gives them: `{gossipFactor: '4', join: ['a:1', 'b:1']}`. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** A flag's name in {@link FlagValues}: `--gossip-factor` is `gossipFactor`. */
export function flagAttribute(flag: string): string {
  return flag.slice(2).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Reads the flags. An empty text is a value; a flag that is absent, or a list without items, is none. */
export function readFlags(settings: readonly Setting[], flags: FlagValues): Layer {
  const given = new Map<string, Given>();
  for (const setting of settings) {
    const value = flags[flagAttribute(setting.flag)] ?? [];
    const texts = typeof value === 'object' ? value : [String(value)];
    if (texts.length > 0) given.set(setting.key, give(setting, { kind: 'flag', name: setting.flag }, texts));
  }
  return { given, problems: [] };
}

/** Variables of other commands, which may well be set where an agent starts. */
const VARIABLES_OF_OTHERS: ReadonlySet<string> = new Set(['MUSTER_HTTP', 'MUSTER_TOKEN']);

/** Reads the environment. An empty variable is not set. An unknown one that begins with `MUSTER_` is a problem. */
export function readEnvironment(settings: readonly Setting[], environment: Environment): Layer {
  const given = new Map<string, Given>();
  const problems: ConfigProblem[] = [];
  const byVariable = new Map(settings.map((setting) => [setting.variable as string, setting]));
  const known = [...byVariable.keys(), CONFIG_FILE.variable];
  for (const [name, value = ''] of Object.entries(environment)) {
    if (!name.startsWith('MUSTER_') || value === '' || isServiceLink(name, value)) continue;
    if (VARIABLES_OF_OTHERS.has(name)) continue;
    const setting = byVariable.get(name);
    if (setting !== undefined) given.set(setting.key, give(setting, { kind: 'environment', name }, [value]));
    else if (name !== CONFIG_FILE.variable) {
      const meant = nearest(name, known);
      const message = `is not a variable of Muster${meant === undefined ? '' : `; did you mean ${meant}?`}`;
      problems.push({ code: 'MUSTER_CONFIG_UNKNOWN_VARIABLE', source: printable(name), message });
    }
  }
  return { given, problems };
}

/**
 * Tells whether Kubernetes put a variable there to link a Service named `muster` or `muster-something`. A link to a Service named
 * `muster-api` is even called like a setting of ours, `MUSTER_API_PORT`; its value, `tcp://…`, tells the two apart.
 */
function isServiceLink(name: string, value: string): boolean {
  if (
    /^MUSTER_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/.test(
      name,
    )
  ) {
    return true;
  }
  return name === 'MUSTER_PORT' || (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value));
}

function give(setting: Setting, source: Source, values: readonly string[]): Given {
  const pieces = isRepeatable(setting) ? values.flatMap(splitAtCommas) : values;
  const at = placeOf(source, setting.key);
  return { source, texts: pieces.map((text) => ({ at, text })) };
}

/** Blanks around a piece and empty pieces mean nothing, so `a, b,` is `a` and `b`. */
function splitAtCommas(text: string): string[] {
  return text
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}
