import type { Command } from 'commander';
import type { NodeFlags } from '../client/node-access.ts';
import type { LabelListFlags } from '../label.ts';
import { TOKEN_HELP, withNode } from './node-option.ts';

const LASTING_HELP = `They last until the node stops, or with --data-dir until the labels of its
configuration change. Without a login only the machine of the node may change
them.
${TOKEN_HELP}`;

/** Registers `muster label` with its commands. */
export function registerLabel(program: Command): void {
  const label = program
    .command('label')
    .description("list or change the labels of a node's cluster")
    .addHelpText(
      'after',
      `
Examples:
  muster label list
  muster label set env=prod
  muster label unset canary`,
    );

  withNode(label.command('list').description('list the labels'))
    .option('-o, --output <text|json|yaml>', 'the form; default text')
    .addHelpText(
      'after',
      `
${TOKEN_HELP}

Examples:
  muster label list
  muster label list -o json`,
    )
    .action(async (flags: LabelListFlags) => {
      const { runLabelList } = await import('../label.ts');
      process.exitCode = await runLabelList(flags);
    });

  withNode(label.command('set').description('add labels, or give them other values; the mesh is told at once'))
    .argument('<key=value...>', "labels, by Kubernetes' rules")
    .addHelpText(
      'after',
      `
${LASTING_HELP}

Examples:
  muster label set env=prod
  muster label set tier=edge topology.kubernetes.io/region=eu-west-1`,
    )
    .action(async (pairs: readonly string[], flags: NodeFlags) => {
      const { runLabelSet } = await import('../label.ts');
      process.exitCode = await runLabelSet(pairs, flags);
    });

  withNode(label.command('unset').description('take labels away; the mesh is told at once'))
    .argument('<key...>', 'keys of labels')
    .addHelpText(
      'after',
      `
${LASTING_HELP}

Examples:
  muster label unset canary
  muster label unset canary tier`,
    )
    .action(async (keys: readonly string[], flags: NodeFlags) => {
      const { runLabelUnset } = await import('../label.ts');
      process.exitCode = await runLabelUnset(keys, flags);
    });
}
