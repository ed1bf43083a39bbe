import type { Command } from 'commander';
import { standardOutput } from '../standard-output.ts';

type Flags = Readonly<Record<string, string | undefined>>;

/** Registers `muster sim`: the simulator, which is loaded only when one of its commands is used. */
export function registerSim(program: Command): void {
  const sim = program
    .command('sim')
    .description("the simulator: the daemon's protocol in virtual time, on virtual networks, with faults")
    .addHelpText(
      'after',
      '\nExamples:\n  muster sim list\n  muster sim run crash --nodes 100\n  muster sim size --nodes 500',
    );
  registerRun(sim);
  sim
    .command('list')
    .description('list the scenarios that come with the program')
    .addHelpText('after', '\nExamples:\n  muster sim list')
    .action(async () => {
      standardOutput();
      const { runSimList } = await import('../../../sim/cli/list.ts');
      process.exitCode = await runSimList();
    });
  registerSize(sim);
  registerFuzz(sim);
  sim
    .command('replay')
    .description(
      'replay the recording of a node (`muster agent --record`) and compare what it does; exit 1 when it differs',
    )
    .argument('<file>', 'the recording')
    .addHelpText(
      'after',
      `
Examples:
  muster sim replay node-a.rec`,
    )
    .action(async (file: string) => {
      standardOutput();
      const { runReplay } = await import('../../../sim/replay/cli.ts');
      process.exitCode = await runReplay({ file });
    });
}

function registerRun(sim: Command): void {
  sim
    .command('run')
    .description('play a scenario, check it, and say what was seen; exit 1 when something broke')
    .argument('<scenario>', 'the name of a scenario of `muster sim list`, or the path of a file')
    .option('--nodes <count>', 'how many nodes; default: what the scenario says')
    .option('--seed <number>', 'the seed of the first run: the same seed gives the same run; default 1')
    .option('--runs <count>', 'how many runs, each with the next seed; default 1')
    .option('--wire <on|off>', 'whether messages go through the production codec; default: up to 200 nodes')
    .option('--report <folder>', 'write a report with its data and charts there')
    .addHelpText(
      'after',
      `
Examples:
  muster sim run crash
  muster sim run crash --nodes 100 --seed 7
  muster sim run partition --runs 20
  muster sim run ./my-scenario.txt --report report`,
    )
    .action(async (scenario: string, flags: Flags) => {
      standardOutput();
      const { runSimRun } = await import('../../../sim/cli/run.ts');
      process.exitCode = await runSimRun({ scenario, flags });
    });
}

function registerSize(sim: Command): void {
  sim
    .command('size')
    .description('what a mesh of that size and these settings would do: spread of news, detection, traffic')
    .requiredOption('--nodes <count>', 'how many nodes')
    .option('--interval <duration>', 'the gossip interval; default 1s')
    .option('--factor <count>', 'the peers that a node contacts each cycle; default 3')
    .option('--loss <share>', 'packets lost, such as 2%; default 0%')
    .option('--network <lan|wan|world>', 'what the network is like; default lan')
    .option('--runs <count>', 'how many runs, each with the next seed; default 10')
    .option('--seed <number>', 'the seed of the first run; default 1')
    .addHelpText(
      'after',
      `
Examples:
  muster sim size --nodes 100
  muster sim size --nodes 500 --interval 500ms --factor 4
  muster sim size --nodes 60 --network world --loss 2%`,
    )
    .action(async (flags: Flags) => {
      standardOutput();
      const { runSimSize } = await import('../../../sim/cli/size.ts');
      process.exitCode = await runSimSize(flags);
    });
}

function registerFuzz(sim: Command): void {
  sim
    .command('fuzz')
    .description('try random schedules of faults until one breaks an invariant, and make that as short as it can be')
    .option('--runs <count>', 'how many schedules; default 200')
    .option('--seed <number>', 'what they are drawn from; default 1')
    .option('--nodes <range>', 'how many nodes they have; default 3..14')
    .option('--jobs <count>', 'how many threads; default 2')
    .option('--wire', 'send messages through the production codec')
    .option('--case <case>', 'only this one, as a failure printed it')
    .addHelpText(
      'after',
      `
Examples:
  muster sim fuzz
  muster sim fuzz --runs 1000 --nodes 3..30 --seed 5`,
    )
    .action(async ({ wire, ...flags }: { readonly wire?: true } & Omit<Flags, 'wire'>) => {
      standardOutput();
      const { runSimFuzz } = await import('../../../sim/cli/fuzz.ts');
      process.exitCode = await runSimFuzz({ flags, wire: wire === true });
    });
}
