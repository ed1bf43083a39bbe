import { Argument, type Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Registers `muster completion`, for whatever commands the program has when it is asked. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands, flags and their values in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  eval "$(muster completion bash)"                                      # in ~/.bashrc
  muster completion zsh > "\${fpath[1]}/_muster"                         # then start zsh anew
  muster completion fish > ~/.config/fish/completions/muster.fish`,
    )
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { completionScript } = await import('./script.ts');
      process.stdout.write(completionScript(program, shell));
    });
}
