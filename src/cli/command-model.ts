import type { Argument, Command, Option } from 'commander';

/** What a flag or an argument takes. */
export interface ValueModel {
  /** As the help names it, without brackets. */
  readonly name: string;
  readonly kind: 'choice' | 'file' | 'directory' | 'text';
  /** What may be chosen; empty unless that is its kind. */
  readonly choices: readonly string[];
  /** Whether it may be left out. */
  readonly optional: boolean;
}

/** A flag. */
export interface FlagModel {
  /** As the help writes it: `-o, --output <form>`. */
  readonly usage: string;
  /** Its spellings: `-o`, `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Whether it may be given more than once. */
  readonly repeatable: boolean;
  /** Absent for a flag that takes no value. */
  readonly value?: ValueModel;
}

/** A command with all that is beneath it. */
export interface CommandModel {
  /** From the program on: `muster`, `sim`, `run`. */
  readonly path: readonly string[];
  readonly description: string;
  /** As the help writes what follows its name: `[options] <file>`. */
  readonly usage: string;
  readonly flags: readonly FlagModel[];
  readonly arguments: readonly { readonly description: string; readonly value: ValueModel }[];
  readonly commands: readonly CommandModel[];
  /** What the help says after its lists, such as examples. */
  readonly epilogue: string;
}

/** Describes a program, or a command of one, with all that its help shows. */
export function modelOf(command: Command, above: readonly string[] = []): CommandModel {
  const help = command.createHelp();
  const path = [...above, command.name()];
  return {
    path,
    description: command.description(),
    usage: command.usage(),
    flags: help.visibleOptions(command).map(flagOf),
    arguments: command.registeredArguments.map((argument) => ({
      description: argument.description,
      value: valueOfArgument(argument),
    })),
    commands: withHelpFilled(help.visibleCommands(command).map((each) => modelOf(each, path))),
    epilogue: epilogueOf(command),
  };
}

/** The program and all its commands, each before those beneath it. */
export function allCommands(model: CommandModel): readonly CommandModel[] {
  return [model, ...model.commands.flatMap(allCommands)];
}

/** The first sentence of a description, without what the help says of defaults and variables: for lists with little room. */
export function inShort(description: string): string {
  const [clause = ''] = description.split(/; (?:default|repeatable)|\. |[.:]? \[MUSTER_/);
  return clause.replace(/\.$/, '');
}

function flagOf(option: Option): FlagModel {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  // What reads a value with regard to the ones before it collects them.
  const repeatable = option.variadic || option.parseArg !== undefined;
  const flag = { usage: option.flags, names, description: option.description, repeatable };
  if (!option.required && !option.optional) return flag;
  const name = /[<[]([^\]>]*)[\]>]/.exec(option.flags)?.[1] ?? 'value';
  return { ...flag, value: valueOf(name, option.argChoices, option.optional) };
}

function valueOfArgument(argument: Argument): ValueModel {
  const value = valueOf(argument.name(), argument.argChoices, !argument.required);
  return value.kind === 'text' && /\bpath of a file\b/.test(argument.description) ? { ...value, kind: 'file' } : value;
}

function valueOf(name: string, declared: readonly string[] | undefined, optional: boolean): ValueModel {
  const choices = declared ?? (/^[\w-]+(?:\|[\w-]+)+$/.test(name) ? name.split('|') : []);
  return { name, kind: kindOf(name, choices), choices, optional };
}

function kindOf(name: string, choices: readonly string[]): ValueModel['kind'] {
  if (choices.length > 0) return 'choice';
  if (name === 'file') return 'file';
  return name === 'folder' || name === 'directory' ? 'directory' : 'text';
}

/** The command `help` explains the commands beside it: commander does not say so. */
function withHelpFilled(commands: readonly CommandModel[]): readonly CommandModel[] {
  const choices = commands.map(({ path }) => path.at(-1) ?? '').filter((name) => name !== 'help');
  const value: ValueModel = { name: 'command', kind: 'choice', choices, optional: true };
  return commands.map((command) =>
    command.path.at(-1) === 'help' ? Object.assign({}, command, { arguments: [{ description: '', value }] }) : command,
  );
}

/** Commander tells what was added to a help only by writing it. */
function epilogueOf(command: Command): string {
  let written = '';
  const former = command.configureOutput();
  command.configureOutput({ ...former, writeOut: (text) => (written += text) });
  command.outputHelp();
  command.configureOutput(former);
  return written.slice(command.helpInformation().length).trim();
}
