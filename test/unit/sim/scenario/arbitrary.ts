import * as fc from 'fast-check';
import type { Deed } from '../../../../sim/scenario/deed.ts';
import { VERBS } from '../../../../sim/scenario/deed.ts';
import type { Expectation } from '../../../../sim/scenario/expectation.ts';
import type { FixedTerm, HostSet } from '../../../../sim/scenario/hosts.ts';
import { NETWORKS, type Scenario, type Step } from '../../../../sim/scenario/scenario.ts';
import { millis } from '../../../../src/base/brands.ts';

/** Scenarios have at least so many nodes here, so that n0 to n9 are always there. */
const LEAST_NODES = 10;

const time = fc.integer({ min: 0, max: 86_400_000 }).map(millis);
const interval = fc.integer({ min: 1, max: 86_400_000 }).map(millis);
const percent = fc.integer({ min: 0, max: 100_000 }).map((thousandths) => thousandths / 1_000);
const ordered = fc.oneof(
  fc.nat({ max: LEAST_NODES - 1 }).map((number) => `n${number}`),
  fc.constantFrom('half', 'last'),
);
const newcomer = fc.nat({ max: 99 }).map((number) => `new${number}`);

const fixed: fc.Arbitrary<FixedTerm> = fc.oneof(
  ordered.map((place) => ({ kind: 'one' as const, place })),
  fc.record({ kind: fc.constant('range' as const), from: ordered, to: ordered }),
  fc.constant({ kind: 'all' as const }),
);
const region = fc.record({ kind: fc.constant('region' as const), region: fc.constantFrom('eu-west', 'us-east') });
const drawn = fc.record({
  kind: fc.constant('draw' as const),
  percent: fc.oneof(percent, fc.constant('one' as const)),
  of: fixed,
});
const someOf = (...terms: fc.Arbitrary<HostSet[number]>[]): fc.Arbitrary<HostSet> =>
  fc.array(fc.oneof(...terms), { minLength: 1, maxLength: 3 });
const newcomers: fc.Arbitrary<HostSet> = fc.array(
  newcomer.map((place) => ({ kind: 'one' as const, place })),
  { minLength: 1, maxLength: 3 },
);

function deeds(hosts: fc.Arbitrary<HostSet>): {
  readonly single: fc.Arbitrary<Deed>;
  readonly any: fc.Arbitrary<Deed>;
} {
  const single: fc.Arbitrary<Deed> = fc.oneof(
    fc.record({ verb: fc.constant('crash' as const), hosts, withMachine: fc.boolean() }),
    fc.record(
      { verb: fc.constant('restart' as const), hosts, disk: fc.boolean(), clock: fc.integer({ min: -1e9, max: 1e9 }) },
      { requiredKeys: ['verb', 'hosts', 'disk'] },
    ),
    fc.record({ verb: fc.constantFrom('pause', 'resume', 'leave', 'relabel'), hosts }),
    fc.record({ verb: fc.constantFrom('join', 'misadvertise'), hosts: newcomers }),
    fc.record({ verb: fc.constant('isolate' as const), hosts, way: fc.constantFrom('in', 'out', 'both') }),
    fc.record({ verb: fc.constant('slow' as const), hosts, by: time }),
  );
  const group = fc.oneof(hosts, fc.constant('rest' as const));
  const any: fc.Arbitrary<Deed> = fc.oneof(
    { arbitrary: single, weight: 6 },
    fc.oneof(
      fc.record({ verb: fc.constant('twin' as const), host: newcomer, of: ordered }),
      fc.record({ verb: fc.constant('cut' as const), hosts, to: hosts }),
      fc.record({ verb: fc.constant('sever' as const), hosts }),
      fc.record({
        verb: fc.constant('partition' as const),
        groups: fc
          .array(group, { minLength: 2, maxLength: 4 })
          .filter((groups) => groups.filter((one) => one === 'rest').length <= 1),
      }),
      fc.record({ verb: fc.constant('loss' as const), percent, hosts: fc.oneof(fc.constant([]), hosts) }),
      fc.record({ verb: fc.constant('duplicate' as const), percent }),
      fc.constant({ verb: 'heal' as const }),
    ),
  );
  return { single, any };
}

function steps(hosts: fc.Arbitrary<HostSet>): fc.Arbitrary<Step> {
  const { single, any } = deeds(hosts);
  const at = fc.record({ kind: fc.constant('at' as const), time });
  const every = fc
    .record({ kind: fc.constant('every' as const), interval, from: time, to: time })
    .filter(({ from, to }) => from <= to);
  const each = fc.record({ kind: fc.constant('each' as const), interval, from: time });
  return fc.oneof(fc.record({ when: fc.oneof(at, every), deed: any }), fc.record({ when: each, deed: single }));
}

function expectations(hosts: fc.Arbitrary<HostSet>): fc.Arbitrary<Expectation> {
  return fc.oneof(
    fc.record({
      kind: fc.constant('dead' as const),
      hosts: fc.oneof(hosts, fc.constant('crashed' as const)),
      within: interval,
    }),
    fc.record({
      kind: fc.constant('known' as const),
      hosts: fc.oneof(hosts, fc.constant('relabelled' as const)),
      within: interval,
    }),
    fc.record({ kind: fc.constant('formed' as const), within: interval }),
    fc.record({ kind: fc.constant('agreed' as const), within: interval, after: fc.constantFrom(...VERBS) }),
    fc.record(
      { kind: fc.constant('never' as const), state: fc.constantFrom('dead', 'suspected'), hosts, by: hosts },
      { requiredKeys: ['kind', 'state', 'hosts'] },
    ),
    fc.record({
      kind: fc.constant('false' as const),
      what: fc.constantFrom('deaths', 'suspicions'),
      atMost: fc.nat({ max: 1_000 }),
    }),
    fc.record({ kind: fc.constant('unchanged' as const), except: fc.oneof(fc.constant([]), hosts) }),
  );
}

/** Any scenario that can be written down. */
export const scenarios: fc.Arbitrary<Scenario> = fc.constantFrom(...NETWORKS).chain((network) => {
  const terms = network === 'world' ? [fixed, region] : [fixed];
  const hosts = someOf(...terms);
  return fc.record({
    about: fc.array(fc.stringMatching(/^[a-z][a-z0-9 #:.,]{0,20}[a-z.]$/), { maxLength: 3 }),
    nodes: fc.integer({ min: LEAST_NODES, max: 10_000 }),
    network: fc.constant(network),
    join: hosts,
    startOver: time,
    run: interval,
    settings: fc.record(
      {
        gossipFactor: fc.integer({ min: 1, max: 100 }),
        leastContacts: fc.integer({ min: 1, max: 100 }),
        gossipInterval: fc.integer({ min: 10, max: 3_600_000 }).map(millis),
        deadThreshold: fc.integer({ min: 2, max: 2_000 }),
        deadRetention: time,
        rpcTimeout: fc.integer({ min: 10, max: 3_600_000 }).map(millis),
      },
      { requiredKeys: [] },
    ),
    steps: fc.array(steps(someOf(...terms, drawn)), { maxLength: 6 }),
    expectations: fc.array(expectations(hosts), { maxLength: 5 }),
  });
});
