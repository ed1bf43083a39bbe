import * as fc from 'fast-check';
import { LATENCY_MODELS } from '../engine/latency.ts';
import type { FuzzCase } from './case.ts';
import { expand, type Happening } from './happening.ts';

/** Which cases are drawn. */
export interface CaseRange {
  /** How many nodes a case has at the start, at least and at most. */
  readonly least: number;
  readonly most: number;
  /** Only this happens: processes that are stopped and go on, or lives of one id that begin and end together. Default: everything else. */
  readonly only?: keyof typeof RARITIES;
}

const HOUR = 3_600_000;

const pick = fc.nat({ max: 9_999 });
const picks = fc.array(pick, { minLength: 1, maxLength: 8, size: 'max' });
const yes = fc.boolean();
const clock = fc.constantFrom(0, 0, -HOUR, HOUR, -2_017, 5_039);

const kind = <Name extends Happening['kind']>(...names: readonly Name[]): fc.Arbitrary<Name> =>
  fc.constantFrom(...names);

/** A process that is stopped and goes on, over and over. */
const doze = fc.record({
  kind: kind('doze'),
  host: pick,
  sleep: fc.constantFrom(1_500, 3_000, 7_000),
  awake: fc.constantFrom(300, 1_200),
  times: fc.integer({ min: 2, max: 8 }),
});

/** Two lives of one id: as long as it takes to say who one is, and to hear of the other, in one network or another. */
const rivals = fc.record({
  kind: kind('rivals'),
  of: pick,
  lived: fc.constantFrom(150, 200, 220, 240, 260, 300, 400, 600),
});

/** What few cases have, to be looked for alone. */
const RARITIES = { doze, rivals };

/** All that can befall a mesh; what is simplest stands first, so that a failing case shrinks towards it. */
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kind('crash'), host: pick, withMachine: yes }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('restart'), host: pick, disk: yes, clock }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('pause', 'resume', 'leave', 'relabel'), host: pick }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('join', 'misadvertise') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('twin'), of: pick }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('cut', 'sever'), host: pick, other: pick }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('isolate'), host: pick, way: fc.constantFrom('both', 'in', 'out') }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('partition'), parts: fc.integer({ min: 2, max: 3 }), split: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('loss'),
      share: fc.constantFrom(0.01, 0.05, 0.1, 0.2, 0.4),
      hosts: fc.oneof(fc.constant([]), picks),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('duplicate'), share: fc.constantFrom(0.1, 0.5, 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('slow'), host: pick, extra: fc.constantFrom(40, 200, 700) }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('heal') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('massCrash'),
      host: pick,
      count: fc.integer({ min: 2, max: 15 }),
      withMachine: yes,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('outage'), region: fc.nat({ max: 5 }), power: yes }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('rolling'),
      host: pick,
      count: fc.integer({ min: 2, max: 30 }),
      every: fc.constantFrom(300, 2_000),
      disk: yes,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('churn'), hosts: picks, every: fc.constantFrom(200, 1_500, 6_000) }) },
  { weight: 1, arbitrary: doze },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('absence'),
      host: pick,
      dying: pick,
      stopped: yes,
      away: fc.constantFrom(8_000, 20_000, 80_000),
    }),
  },
);

interface Paced {
  readonly gap: number;
  readonly happening: Happening;
}

/** Many things within seconds, a few over minutes, or both, with long silences. */
function plans(happening: fc.Arbitrary<Happening>): fc.Arbitrary<readonly Paced[]> {
  const paced = (gap: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<readonly Paced[]> =>
    fc.array(fc.record({ gap, happening }), { maxLength, size: 'max' });
  return fc.oneof(
    { weight: 3, arbitrary: paced(fc.nat({ max: 25_000 }), 8) },
    { weight: 2, arbitrary: paced(fc.nat({ max: 2_000 }), 16) },
    { weight: 1, arbitrary: paced(fc.oneof(fc.nat({ max: 4_000 }), fc.constantFrom(20_000, 65_000)), 8) },
  );
}

/** What a run begins after, ms: the mesh has formed, or is still forming. */
const beginnings = fc.constantFrom(0, 3_000, 8_000, 8_000);

/** Whole cases. The smallest is a quiet mesh of the fewest nodes in one data centre. */
export function cases({ least, most, only }: CaseRange): fc.Arbitrary<FuzzCase> {
  const raw = fc.record({
    seed: fc.nat({ max: 1_000_000 }),
    latency: fc.constantFrom(...LATENCY_MODELS.map((model) => model.name)),
    nodes: fc.integer({ min: least, max: most }),
    bootstraps: fc.integer({ min: 1, max: 3 }),
    drift: fc.constantFrom(0, 50, 200),
    startSpread: fc.constantFrom(0, 1_000, 5_000),
    deadRetention: fc.constantFrom(60_000, 20_000, 5_000),
    maxDeltaBytes: fc.constantFrom(1 << 20, 1 << 20, 2_000, 500),
    begin: beginnings,
    plan: plans(only === undefined ? happenings : RARITIES[only]),
  });
  return raw.map(({ begin, plan, ...mesh }): FuzzCase => {
    let at = begin;
    const actions = plan.flatMap(({ gap, happening }, number) => {
      at += gap;
      return expand(happening, at, number, mesh);
    });
    return Object.assign(mesh, { actions: actions.toSorted((a, b) => a.at - b.at) });
  });
}
