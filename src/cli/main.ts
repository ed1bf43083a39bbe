import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { flagSpecs } from '../config/describe.ts';
import { wantsTracing } from '../observability/tracing-wanted.ts';
import type { DemoFlags } from './demo-flags.ts';
import { ExitCode } from './exit-code.ts';
import type { MembersFlags } from './members-flags.ts';
import { registerSim } from './sim.ts';
import { reportUnexpected } from './unexpected.ts';
import { version } from './version.ts';

process.on('uncaughtException', (error) => {
  reportUnexpected(error);
  process.exit(ExitCode.failed);
});

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
  .option('--print-config', 'print the effective configuration, with the source of every value, and exit')
  .option('--record <file>', 'write all that the protocol takes in and does to a new file, for muster sim replay');
for (const { flag, placeholder, description, repeatable } of flagSpecs()) {
  if (repeatable) agent.option(`${flag} ${placeholder}`, description, collect);
  else agent.option(`${flag} ${placeholder}`, description);
}
agent.action(async (flags: Record<string, string | boolean | string[]>) => {
  // Before the agent, as it must come before gRPC is loaded; and not at all when nobody asks.
  const tracing = wantsTracing(process.env)
    ? (await import('../observability/tracing.ts')).Tracing.start(version)
    : undefined;
  const { runAgent } = await import('./agent.ts');
  // The demo that started it may have died before there was anybody to listen for that.
  if ('connected' in process && !process.connected) return;
  process.exitCode = await runAgent(flags, tracing);
});

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
    const { runMembers } = await import('./members.ts');
    process.exitCode = await runMembers(flags);
  });

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
Examples:
  muster demo
  muster demo --nodes 12
  muster demo --for 10s`,
  )
  .action(async (flags: DemoFlags) => {
    const { runDemo } = await import('./demo.ts');
    process.exitCode = await runDemo(flags, fileURLToPath(import.meta.url));
  });

registerSim(program);

void run();

async function run(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has already said what was wrong; help and version, asked for, are no mistake.
      process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    } else {
      reportUnexpected(error);
      process.exitCode = ExitCode.failed;
    }
  }
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
