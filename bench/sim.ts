import { type RunOptions, runScenario } from '../sim/run.ts';
import type { Scenario, Step } from '../sim/scenario/scenario.ts';
import { millis } from '../src/base/brands.ts';
import type { Bench } from './harness/bench.ts';
import { compare } from './harness/compare.ts';

/** The CPU time of the simulator itself: no invariant is watched. */
export const sim: Bench = async ({ runs }) => {
  let seed = 0;
  const cpuSeconds = (scenario: Scenario, options: Partial<RunOptions> = {}): number => {
    const before = process.cpuUsage();
    seed += 1;
    const { data } = runScenario(scenario, { seed, checkers: [], settles: false, wire: false, ...options });
    const { user, system } = process.cpuUsage(before);
    if (data.updates.some(({ missed }) => missed > 0)) throw new Error(`an update did not reach all, seed ${seed}`);
    return (user + system) / 1_000_000;
  };
  return compare(
    [
      { what: '1,000 nodes × 60 cycles', unit: 'CPU s', measure: () => cpuSeconds(LIFE) },
      { what: '100 nodes × 60 cycles', unit: 'CPU s', measure: () => cpuSeconds({ ...LIFE, nodes: 100 }) },
      { what: '10,000 nodes, formed: an update', unit: 'CPU s', measure: () => cpuSeconds(WAVE, { formed: true }) },
    ],
    runs,
  );
};

const at = (seconds: number): Step['when'] => ({ kind: 'at', time: millis(seconds * 1_000) });
const RELABEL = { verb: 'relabel', hosts: [{ kind: 'one', place: 'half' }] } as const;

/** A mesh forms in two seconds, gets an update and loses a node. */
const LIFE: Scenario = {
  about: [],
  network: 'lan',
  join: [{ kind: 'one', place: 'n0' }],
  settings: {},
  expectations: [],
  nodes: 1_000,
  startOver: millis(2_000),
  run: millis(60_000),
  steps: [
    { when: at(20), deed: RELABEL },
    { when: at(30), deed: { verb: 'crash', hosts: [{ kind: 'one', place: 'last' }], withMachine: true } },
  ],
};

/** An update in a mesh that need not form, from its start until all know it. */
const WAVE: Scenario = {
  ...LIFE,
  nodes: 10_000,
  run: millis(5_000),
  steps: [{ when: at(3), deed: RELABEL }],
};
