import { allCommands, type CommandModel } from '../command-model.ts';
import { roffArgument, roffExample, roffLine } from './roff.ts';

/** A section of a manual page that does not follow from the commands: terms with what they mean, and text before them. */
export interface ManualSection {
  readonly title: string;
  readonly text?: readonly string[];
  readonly terms: readonly (readonly [term: string, meaning: string])[];
}

/** Every command has its help: it is told of once. */
const HELP = 'help';

/**
 * Writes the manual page of a program, for section 1, with the macros of man(7): what each command does, its flags, what its help adds.
 *
 * @param sections come after the commands
 */
export function manualPage(program: CommandModel, version: string, sections: readonly ManualSection[]): string {
  const name = program.path.join(' ');
  const [, ...commands] = allCommands(program);
  const lines = [
    `.\\" Written by npm run docs from the program's own help.`,
    `.TH ${name.toUpperCase()} 1 "" ${roffArgument(`${name} ${version}`)} "User Commands"`,
    '.SH NAME',
    roffLine(`${name} - ${program.description}`),
    '.SH SYNOPSIS',
    `.B ${roffLine(name)}`,
    roffLine(program.usage),
    '.SH OPTIONS',
    ...flagsOf(program),
    '.SH COMMANDS',
    ...commands.filter(({ path }) => path.length === 2 || path.at(-1) !== HELP).flatMap(commandLines),
    ...sections.flatMap(sectionLines),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines(command: CommandModel): string[] {
  return [
    `.SS ${roffArgument(`${command.path.join(' ')} ${command.usage}`.trim())}`,
    roffLine(sentence(command.description)),
    ...command.arguments.flatMap(({ description, value }) =>
      description === '' ? [] : term(value.optional ? `[${value.name}]` : `<${value.name}>`, description),
    ),
    ...flagsOf({ ...command, flags: command.flags.filter(({ names }) => !names.includes(`--${HELP}`)) }),
    ...epilogueLines(command.epilogue),
  ];
}

function flagsOf({ flags }: CommandModel): string[] {
  return flags.flatMap(({ usage, description }) => term(usage, description));
}

/** Text of a help as paragraphs; what is indented stays as it is. */
function epilogueLines(epilogue: string): string[] {
  return epilogue.split('\n\n').flatMap((paragraph) => {
    const lines = paragraph.split('\n').filter((line) => line.trim() !== '');
    const prose = lines.filter((line) => !line.startsWith(' '));
    const fixed = lines.filter((line) => line.startsWith(' ')).map((line) => line.trim());
    const text = prose.length === 0 ? [] : ['.PP'].concat(prose.map(roffLine));
    return text.concat(fixed.length === 0 ? [] : roffExample(fixed));
  });
}

function sectionLines({ title, text = [], terms }: ManualSection): string[] {
  return [
    `.SH ${roffArgument(title)}`,
    ...text.map(roffLine),
    ...terms.flatMap(([name, meaning]) => term(name, meaning)),
  ];
}

function term(name: string, meaning: string): string[] {
  return ['.TP', `.B ${roffLine(name)}`, roffLine(sentence(meaning))];
}

function sentence(text: string): string {
  const whole = text === '' ? text : `${text[0]?.toUpperCase()}${text.slice(1)}`;
  return /[.\])]$/.test(whole) || whole === '' ? whole : `${whole}.`;
}
