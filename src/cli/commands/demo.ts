import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { DemoFlags } from '../demo-flags.ts';

/** Registers `muster demo`. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('run a fleet of real agents on this machine, each a made-up cluster, until Ctrl-C')
    .option('--nodes <count>', 'how many agents, 1 to 50; default 5')
    .option(
      '--for <duration>',
      'end by itself this long after all agents are ready; exit 1 when they have not all seen each other HEALTHY by then',
    )
    .addHelpText(
      'after',
      `
On a terminal keys choose a cluster (arrows, a number), kill it, pause it, cut its network, restart or relabel it; ? explains them.

Examples:
  muster demo
  muster demo --nodes 12
  muster demo --for 10s`,
    )
    .action(async (flags: DemoFlags) => {
      const { runDemo } = await import('../demo.ts');
      process.exitCode = await runDemo(flags, entryFile());
    });
}

/** The file that the command is started from, as a source or in a build. */
function entryFile(): string {
  return fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url));
}
