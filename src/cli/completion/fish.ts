import { allCommands, type CommandModel, type FlagModel, inShort, type ValueModel } from '../command-model.ts';

/** A script that completes the program's command line in fish. */
export function fishCompletion(program: CommandModel): string {
  const [name = ''] = program.path;
  const commands = allCommands(program);
  const below = commands.slice(1).map(({ path }) => quoted(path.join(' ')));
  return `# Completion of ${name} for fish: a file named ${name}.fish in ~/.config/fish/completions.
function __${name}_at --description 'Tells whether the command line is at a command'
    set -l path ${name}
    for word in (commandline -opc)[2..]
        switch "$path $word"
            case ${below.join(' ')}
                set path "$path $word"
        end
    end
    test "$path" = "$argv"
end
complete -c ${name} -f
${commands.flatMap((command) => linesOf(name, command)).join('\n')}
`;
}

function linesOf(name: string, { path, flags, commands, arguments: args }: CommandModel): string[] {
  const start = `complete -c ${name} -n ${quoted(`__${name}_at ${path.join(' ')}`)}`;
  const [first] = args;
  return [
    ...commands.map((command) => `${start} -a ${command.path.at(-1) ?? ''} -d ${quoted(inShort(command.description))}`),
    ...(first === undefined ? [] : [`${start} ${argumentOf(first.value)}`]),
    ...flags.map((flag) => `${start} ${flagOf(flag)}`),
  ];
}

function flagOf({ names, description, value }: FlagModel): string {
  const spellings = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const taken = value === undefined ? [] : [valueOf(value)];
  return [...spellings, ...taken, `-d ${quoted(inShort(description))}`].join(' ');
}

function valueOf({ kind, choices, optional }: ValueModel): string {
  // Where it may be left out, what follows need not be the value: it is offered, not asked for.
  if (kind === 'choice') return `${optional ? '' : '-x '}-a ${quoted(choices.join(' '))}`;
  if (kind === 'file') return '-r -F';
  return kind === 'directory' ? "-x -a '(__fish_complete_directories)'" : '-x';
}

function argumentOf({ kind, choices }: ValueModel): string {
  if (kind === 'choice') return `-a ${quoted(choices.join(' '))}`;
  if (kind === 'file') return '-F';
  return kind === 'directory' ? "-a '(__fish_complete_directories)'" : '-f';
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
