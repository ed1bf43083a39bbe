import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench } from './harness/bench.ts';
import type { Figure } from './harness/figure.ts';
import { resultLines, resultsJson } from './harness/report.ts';

/** All benches by their names; each is loaded when it is run. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  codec: async () => (await import('./codec.ts')).codec,
  handshake: async () => (await import('./handshake.ts')).handshake,
  store: async () => (await import('./store.ts')).store,
  http: async () => (await import('./http.ts')).http,
  mesh: async () => (await import('./mesh.ts')).mesh,
  sim: async () => (await import('./sim.ts')).sim,
  startup: async () => (await import('./startup.ts')).startup,
};

const USAGE = `npm run bench -- [${Object.keys(BENCHES).join('|')} …] [options]

  --runs <count>     runs of each figure; default 5
  --json <file>      also write all values of all runs there
  --nodes <count>    mesh: how many; default 10
  --crowd <count>    mesh: how many of them share processes, up to thirty each; default 0
  --settle <seconds> mesh: how long it is left alone once it has formed; default 3
  --peace <seconds>  mesh: how long it is only watched then; default 20
  --update <seconds> mesh: how long updates go on after the twenty that are timed; default 0
  --interval <ms>    mesh: Muster's gossip interval; default 1000. Not with a crowd or a rival
  --rival serf       mesh: the same for Serf, in turn
  --program <file>   http, mesh, startup: the command that is measured; default dist/src/cli/main.js
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    json: { type: 'string' },
    nodes: { type: 'string' },
    crowd: { type: 'string' },
    settle: { type: 'string' },
    peace: { type: 'string' },
    update: { type: 'string' },
    interval: { type: 'string' },
    rival: { type: 'string' },
    program: { type: 'string', default: 'dist/src/cli/main.js' },
    help: { type: 'boolean', default: false },
  },
});
const names = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const problems = [
  ...names.filter((name) => !(name in BENCHES)).map((name) => `there is no bench ${name}`),
  ...(['runs', 'nodes', 'crowd', 'settle', 'peace', 'update', 'interval'] as const)
    .filter((name) => values[name] !== undefined && !/^[1-9]\d{0,4}$/.test(values[name]))
    .map((name) => `--${name}: must be a whole number from 1 to 99999`),
  ...(values.crowd !== undefined && Number(values.crowd) > Number(values.nodes ?? 0) - 4
    ? ['--crowd: must leave four of --nodes, which must be given']
    : []),
  ...(values.interval !== undefined && (values.crowd !== undefined || values.rival !== undefined)
    ? ['--interval: neither with --crowd nor with --rival']
    : []),
  ...(values.rival === undefined || values.rival === 'serf' ? [] : ['--rival: must be serf']),
];

if (values.help || problems.length > 0) {
  process.stderr.write([...problems.map((problem) => `${problem}\n`), USAGE].join(''));
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = await runAll();
}

async function runAll(): Promise<number> {
  const results = new Map<string, readonly Figure[]>();
  for (const name of names) {
    const bench = await BENCHES[name]?.();
    const note = (text: string): boolean => process.stderr.write(`${name}: ${text}\n`);
    note('…');
    const figures = await bench?.({
      runs: Number(values.runs),
      program: values.program,
      note,
      ...(values.nodes === undefined ? {} : { nodes: Number(values.nodes) }),
      ...(values.crowd === undefined ? {} : { crowd: Number(values.crowd) }),
      ...(values.settle === undefined ? {} : { settle: Number(values.settle) }),
      ...(values.peace === undefined ? {} : { peace: Number(values.peace) }),
      ...(values.update === undefined ? {} : { update: Number(values.update) }),
      ...(values.interval === undefined ? {} : { interval: Number(values.interval) }),
      ...(values.rival === undefined ? {} : { rival: 'serf' as const }),
    });
    results.set(name, figures ?? []);
  }
  process.stdout.write(`${resultLines(results).join('\n')}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(resultsJson(results), undefined, 2)}\n`);
  return 0;
}
