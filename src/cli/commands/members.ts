import type { Command } from 'commander';
import type { MembersFlags } from '../members-flags.ts';
import { collect } from './collect.ts';
import { TOKEN_HELP, withNode } from './node-option.ts';

/** Registers `muster members`. */
export function registerMembers(program: Command): void {
  withNode(program.command('members').description('list the members that a node knows'))
    .option('-o, --output <table|wide|json|yaml|name>', 'the form; wide has more columns, name only ids; default table')
    .option('-l, --selector <selector>', "only members whose labels match, in Kubernetes' grammar")
    .option('--state <HEALTHY|SUSPECTED_DEAD|DEAD>', 'only members in this state; repeatable', collect)
    .option(
      '--sort <field>',
      'name, state (worst first), last-seen (longest ago first), endpoint, address, version or label:KEY; with a minus in front the other way round; default name',
    )
    .option('-w, --watch', 'show every change until Ctrl-C: a live table on a terminal, else a line for each')
    .option('--exit-code', 'exit 3 when no member matches')
    .addHelpText(
      'after',
      `
${TOKEN_HELP}

Examples:
  muster members
  muster members --http http://10.0.3.7:8080 -o wide
  muster members -l 'env=prod,region in (eu-west-1,us-east-1)' --state HEALTHY
  muster members --sort label:region
  muster members --state DEAD -o name
  muster members --state DEAD --exit-code >/dev/null && echo somebody is dead
  muster members --watch | tee changes.log`,
    )
    .action(async (flags: MembersFlags) => {
      const { runMembers } = await import('../members.ts');
      process.exitCode = await runMembers(flags);
    });
}
