import type { Command } from 'commander';
import { flagSpecs } from '../../config/describe.ts';
import { wantsTracing } from '../../observability/tracing-wanted.ts';
import { version } from '../version.ts';
import { collect } from './collect.ts';

/** Registers `muster agent`, with a flag for every setting. */
export function registerAgent(program: Command): void {
  const agent = program
    .command('agent')
    .description('run one node in the foreground until SIGTERM or SIGINT, then leave the mesh and exit')
    .option('--print-config', 'print the effective configuration, with the source of every value, and exit')
    .option('--record <file>', 'write all that the protocol takes in and does to a new file, for muster sim replay');
  for (const { flag, placeholder, description, repeatable } of flagSpecs()) {
    if (repeatable) agent.option(`${flag} ${placeholder}`, description, collect);
    else agent.option(`${flag} ${placeholder}`, description);
  }
  agent.addHelpText(
    'after',
    `
Every setting is also a variable, which stands in brackets, and a key of the file given with --config.

Examples:
  muster agent --node-id prod-eu --api-endpoint https://api.prod-eu.example.com:6443 --label env=prod
  muster agent --config muster.yaml --join 10.0.3.7:7946
  muster agent --config muster.yaml --print-config`,
  );
  agent.action(async (flags: Record<string, string | boolean | string[]>) => {
    // Before the agent, as it must come before gRPC is loaded; and not at all when nobody asks.
    const tracing = wantsTracing(process.env)
      ? (await import('../../observability/tracing.ts')).Tracing.start(version)
      : undefined;
    const { runAgent } = await import('../agent.ts');
    // The demo that started it may have died before there was anybody to listen for that.
    if ('connected' in process && !process.connected) return;
    process.exitCode = await runAgent(flags, tracing);
  });
}
