import type { Command } from 'commander';
import type { MembersFlags } from '../members-flags.ts';
import { collect } from './collect.ts';

/** Registers `muster members`. */
export function registerMembers(program: Command): void {
  program
    .command('members')
    .description('list the members that a node knows')
    .option('--http <url>', "the node's HTTP address; default http://127.0.0.1:8080 [MUSTER_HTTP]")
    .option('-o, --output <form>', 'table, wide (more columns), json or yaml; default table')
    .option('-l, --selector <selector>', "only members whose labels match, in Kubernetes' grammar")
    .option('--state <state>', 'only members in this state: HEALTHY, SUSPECTED_DEAD or DEAD; repeatable', collect)
    .option('-w, --watch', 'show every change until Ctrl-C: a live table on a terminal, else a line for each')
    .addHelpText(
      'after',
      `
A node that asks for a token gets the one in MUSTER_TOKEN.

Examples:
  muster members
  muster members --http http://10.0.3.7:8080 -o wide
  muster members -l 'env=prod,region in (eu-west-1,us-east-1)' --state HEALTHY
  muster members --watch | tee changes.log`,
    )
    .action(async (flags: MembersFlags) => {
      const { runMembers } = await import('../members.ts');
      process.exitCode = await runMembers(flags);
    });
}
