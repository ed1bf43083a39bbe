import type { Command } from 'commander';
import { type CommandModel, modelOf } from '../command-model.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const WRITERS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<
  string,
  (program: CommandModel) => string
>;

/** A script that completes a program's command line in a shell. It runs nothing of the program: it holds all that it offers. */
export function completionScript(program: Command, shell: keyof typeof WRITERS): string {
  return WRITERS[shell](modelOf(program));
}
