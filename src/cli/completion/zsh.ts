import { allCommands, type CommandModel, type FlagModel, inShort, type ValueModel } from '../command-model.ts';
import { quoted } from './quoted.ts';

/** A script that completes the program's command line in zsh, by its own completion system. */
export function zshCompletion(program: CommandModel): string {
  const [name = ''] = program.path;
  return `#compdef ${name}
# Completion of ${name} for zsh: a file named _${name} in a folder of $fpath, or sourced after compinit.
${allCommands(program).map(functionOf).join('\n')}
if [[ \${funcstack[1]} == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function functionOf(command: CommandModel): string {
  const flags = command.flags.flatMap(flagSpecs);
  if (command.commands.length === 0) {
    const args = command.arguments.map(({ description, value }) =>
      quoted(`:${escaped(inShort(description) || value.name)}:${action(value)}`),
    );
    return `${functionName(command.path)}() {\n  _arguments -S ${[...flags, ...args].join(' \\\n    ')}\n}`;
  }
  const names = command.commands.map(({ path, description }) => quoted(`${path.at(-1) ?? ''}:${inShort(description)}`));
  const cases = command.commands.map(({ path }) => `        ${path.at(-1) ?? ''}) ${functionName(path)} ;;`);
  return `${functionName(command.path)}() {
  local curcontext=$curcontext state line
  local -a commands
  commands=(
    ${names.join('\n    ')}
  )
  _arguments -C ${[...flags, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}`;
}

/** One specification of `_arguments` for each spelling; one spelling excludes the other, unless the flag may come again. */
function flagSpecs({ names, description, repeatable, value }: FlagModel): string[] {
  const explanation = `[${escaped(inShort(description))}]`;
  return names.map((name) => {
    const before = repeatable ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
    const assigned = value !== undefined && name.startsWith('--') ? '=' : '';
    const argument = value === undefined ? '' : `${value.optional ? '::' : ':'}${escaped(value.name)}:${action(value)}`;
    return quoted(`${before}${name}${assigned}${explanation}${argument}`);
  });
}

function action({ kind, choices }: ValueModel): string {
  if (kind === 'choice') return `(${choices.join(' ')})`;
  if (kind === 'text') return ' ';
  return kind === 'file' ? '_files' : '_files -/';
}

function functionName(path: readonly string[]): string {
  return `_${path.join('_')}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
}
