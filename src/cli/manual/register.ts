import type { Command } from 'commander';
import { modelOf } from '../command-model.ts';

/** Registers `muster manual`, for whatever commands the program has when it is asked. */
export function registerManual(program: Command, version: string): void {
  program
    .command('manual')
    .description('print the manual page, for man')
    .addHelpText(
      'after',
      `
Examples:
  muster manual | man -l -
  muster manual > ~/.local/share/man/man1/muster.1`,
    )
    .action(async () => {
      const { manualPage } = await import('./page.ts');
      const { MANUAL_SECTIONS } = await import('./sections.ts');
      process.stdout.write(manualPage(modelOf(program), version, MANUAL_SECTIONS));
    });
}
