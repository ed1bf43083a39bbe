import { allCommands, type CommandModel, type FlagModel, type ValueModel } from '../command-model.ts';
import { quoted } from './quoted.ts';

/** A script that completes the program's command line in bash, from 3.2 on, without the package bash-completion. */
export function bashCompletion(program: CommandModel): string {
  const [name = ''] = program.path;
  const commands = allCommands(program);
  const below = commands.slice(1).map(({ path }) => quoted(path.join(' ')));
  return `# Completion of ${name} for bash: source it, or put it where bash-completion looks.
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path=${name} i
  COMPREPLY=()
  # bash takes --flag=value for three words.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${below.join('|')}) path="$path \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$path" in
${commands.map(wordCase).join('\n')}
  esac
}
complete -F _${name} ${name}
`;
}

/** What follows a flag that takes a value. */
function valueCases({ path, flags }: CommandModel): string[] {
  return flags.flatMap(({ names, value }) => {
    if (value === undefined) return [];
    const patterns = names.map((name) => quoted([...path, name].join(' '))).join('|');
    const complete = value.optional ? `[[ $cur == -* ]] || { ${offer(value)}; return; }` : `${offer(value)}; return`;
    return [`    ${patterns}) ${complete} ;;`];
  });
}

/** What may stand where no value of a flag is due. */
function wordCase({ path, flags, commands, arguments: args }: CommandModel): string {
  const words = commands.map((command) => command.path.at(-1) ?? '');
  const [first] = args;
  const otherwise = words.length > 0 ? offerWords(words) : first === undefined ? ':' : offer(first.value);
  const flagWords = offerWords(flags.flatMap(({ names }: FlagModel) => names));
  return `    ${quoted(path.join(' '))}) if [[ $cur == -* ]]; then ${flagWords}; else ${otherwise}; fi ;;`;
}

function offer({ kind, choices }: ValueModel): string {
  if (kind === 'choice') return offerWords(choices);
  if (kind === 'text') return ':';
  const action = kind === 'file' ? 'f' : 'd';
  return `compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen -${action} -- "$cur"))`;
}

function offerWords(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`;
}
