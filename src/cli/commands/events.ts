import type { Command } from 'commander';
import type { EventsFlags } from '../events-flags.ts';
import { TOKEN_HELP, withNode } from './node-option.ts';

/** Registers `muster events`. */
export function registerEvents(program: Command): void {
  withNode(program.command('events').description('list what changed lately, the last 200 changes that a node noticed'))
    .option('-f, --follow', 'go on with what it notices from now on, until Ctrl-C')
    .option('-n, --last <count>', 'only so many of those that are already there, the newest ones; default all')
    .option('-o, --output <text|json>', 'the form; json is one object a line; default text')
    .addHelpText(
      'after',
      `
${TOKEN_HELP}

Examples:
  muster events
  muster events --follow --last 0
  muster events -o json | jq 'select(.kind == "died")'
  muster events --follow -o json >> events.ndjson`,
    )
    .action(async (flags: EventsFlags) => {
      const { runEvents } = await import('../events.ts');
      process.exitCode = await runEvents(flags);
    });
}
