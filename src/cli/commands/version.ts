import type { Command } from 'commander';
import { version } from '../version.ts';

/** Registers `muster version`. */
export function registerVersion(program: Command): void {
  program
    .command('version')
    .description('print the versions of Muster and Node.js')
    .addHelpText('after', '\nExamples:\n  muster version')
    .action(() => {
      process.stdout.write(`muster ${version} (node ${process.version})\n`);
    });
}
