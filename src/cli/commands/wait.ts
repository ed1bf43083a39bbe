import type { Command } from 'commander';
import type { WaitFlags } from '../wait-flags.ts';
import { collect } from './collect.ts';
import { TOKEN_HELP, withNode } from './node-option.ts';

/** Registers `muster wait`. */
export function registerWait(program: Command): void {
  withNode(program.command('wait').description('wait until a node or its mesh is as wanted; for scripts'))
    .option(
      '--for <condition>',
      'members=N, healthy=N (or >=N, <=N), member=ID or ready; repeatable: all must be so at once',
      collect,
    )
    .option(
      '--state <HEALTHY|SUSPECTED_DEAD|DEAD>',
      'for members and member: only those in this state count; repeatable',
      collect,
    )
    .option('-l, --selector <selector>', "only members whose labels match count, in Kubernetes' grammar")
    .option('--timeout <duration>', 'how long; 0s looks once; default 30s')
    .addHelpText(
      'after',
      `
Exits 0 when it is so, 3 when it was not so in time, 1 when the node could not
be asked, and 2 when it was asked wrongly. A node that does not answer is waited
for. members=N counts all that \`muster members\` lists, the dead ones too.

${TOKEN_HELP}

Examples:
  muster wait --for ready
  muster wait --for healthy=5 --timeout 1m
  muster wait --for 'members>=3' -l env=prod
  muster wait --for member=prod-eu --state DEAD --timeout 30s`,
    )
    .action(async (flags: WaitFlags) => {
      const { runWait } = await import('../wait.ts');
      process.exitCode = await runWait(flags);
    });
}
