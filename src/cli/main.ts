#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { flagSpecs } from '../config/describe.ts';
import { ExitCode } from './exit-code.ts';
import { version } from './version.ts';

const program = new Command('muster')
  .description('Cluster membership by gossip: every cluster of an organisation knows all the others.')
  .version(version, '-V, --version', 'print the version')
  .showHelpAfterError('(see --help)')
  .exitOverride();

program
  .command('version')
  .description('print the versions of Muster and Node.js')
  .action(() => {
    process.stdout.write(`muster ${version} (node ${process.version})\n`);
  });

const agent = program
  .command('agent')
  .description('run one node in the foreground until SIGTERM or SIGINT, then leave the mesh and exit')
  .option('--print-config', 'print the effective configuration, with the source of every value, and exit');
for (const { flag, placeholder, description, repeatable } of flagSpecs()) {
  if (repeatable) agent.option(`${flag} ${placeholder}`, description, collect);
  else agent.option(`${flag} ${placeholder}`, description);
}
agent.action(async (flags: Record<string, string | boolean | string[]>) => {
  const { runAgent } = await import('./agent.ts');
  process.exitCode = await runAgent(flags);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has already said what was wrong; help and version, asked for, are no mistake.
  process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
