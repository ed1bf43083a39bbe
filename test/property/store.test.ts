import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis, type NodeId, nodeId, unixMillis } from '../../src/base/brands.ts';
import { type Delta, deltaFor, recordBytes } from '../../src/store/delta.ts';
import { digestFor } from '../../src/store/digest.ts';
import { compareRecords, DigestEntry, type MemberRecord, mergeRecords } from '../../src/store/record.ts';
import type { RecordStore } from '../../src/store/record-store.ts';
import { expectLattice } from '../helpers/lattice.ts';
import { collidingRecords, contentsOf, recordOf, storeOf, textOf } from '../helpers/records.ts';

const M = nodeId('m');
const nobody = (): boolean => false;

/** Records of one member only. */
const ofOneMember = collidingRecords.map(({ version, state, left, address, metadata }) =>
  recordOf({ version, state, left, address, metadata: Buffer.from(metadata).toString() }),
);

/** Records as honest owners write them: what stands in a version is a function of it. */
const honestRecords = collidingRecords.map(({ id, version, state, left }) =>
  recordOf({ id, version, state, left, metadata: `${id} at ${version}` }),
);

/** A store of many members of different sizes; none of them dead, so nothing is kept from strangers. */
const stores = fc
  .uniqueArray(
    fc.record({
      id: fc.nat({ max: 40 }).map((index) => `m${index}`),
      version: fc.integer({ min: 1, max: 1_000 }),
      state: fc.constantFrom('HEALTHY', 'SUSPECTED_DEAD'),
      size: fc.nat({ max: 300 }),
    }),
    { selector: ({ id }) => id, maxLength: 30 },
  )
  .map((all) =>
    all.map(({ size, ...options }) => recordOf({ ...options, metadata: `${options.version}`.repeat(size) })),
  )
  .map((records) => storeOf(records.map((record) => sized(record))));

/** The metadata are a function of id and version, as their owner is one. */
function sized(record: MemberRecord): MemberRecord {
  const metadata = 'x'.repeat((record.version * 7 + record.id.length) % 300);
  return recordOf({ id: record.id, version: record.version, state: record.state, metadata });
}

function exchange(from: RecordStore, to: RecordStore, budget: number): Delta {
  const digest = digestFor(to, undefined, (record) => new DigestEntry(record, unixMillis(0)), nobody);
  const delta = deltaFor(from, digest, budget, nobody);
  for (const record of delta) to.merge(record);
  return delta;
}

function join(a: RecordStore, b: RecordStore): RecordStore {
  return storeOf([...a.live.values(), ...b.live.values()]);
}

describe('records', () => {
  it('are a lattice', () => {
    fc.assert(
      fc.property(ofOneMember, ofOneMember, ofOneMember, (a, b, c) => {
        expectLattice(mergeRecords, [a, b, c], textOf);
      }),
    );
  });
});

describe('stores', () => {
  it('that have seen the same records agree, in whatever order and however often they saw them', () => {
    const seen = fc.array(collidingRecords, { maxLength: 12 }).chain((records) =>
      fc.record({
        once: fc.constant(records),
        again: fc.shuffledSubarray([...records, ...records, ...records], { minLength: 2 * records.length }),
      }),
    );
    fc.assert(
      fc.property(seen, ({ once, again }) => {
        expect(contentsOf(storeOf([...again, ...once]))).toEqual(contentsOf(storeOf(once)));
      }),
    );
  });

  it('are a lattice', () => {
    const few = fc.array(collidingRecords, { maxLength: 6 }).map((records) => storeOf(records));
    fc.assert(
      fc.property(few, few, few, (a, b, c) => {
        expectLattice(join, [a, b, c], (store) => JSON.stringify(contentsOf(store)));
      }),
    );
  });

  it('never hold less of a member than before, buried or not', () => {
    const moves = fc.array(fc.oneof(ofOneMember, fc.constant('bury' as const)), { maxLength: 20 });
    fc.assert(
      fc.property(moves, (played) => {
        const store = storeOf([]);
        for (const move of played) {
          const before = store.get(M);
          if (move === 'bury') store.bury(M, millis(0));
          else store.merge(move);
          const after = store.get(M);
          const kept = before === undefined || (after !== undefined && compareRecords(after, before) >= 0);
          expect(kept).toBe(true);
          expect(store.live.has(M) && store.tombstones.has(M)).toBe(false);
        }
      }),
    );
  });

  it("show for a version only what the owner wrote at it, whoever's accusations came in", () => {
    fc.assert(
      fc.property(fc.array(honestRecords, { maxLength: 20 }), (records) => {
        for (const { id, version, metadata } of storeOf(records).live.values()) {
          expect(new TextDecoder().decode(metadata)).toBe(`${id} at ${version}`);
        }
      }),
    );
  });
});

describe('deltas', () => {
  it('keep within the budget, but for a single record that is bigger than all of it', () => {
    fc.assert(
      fc.property(stores, stores, fc.integer({ min: 0, max: 3_000 }), (from, to, budget) => {
        const delta = exchange(from, to, budget);
        const bytes = delta.reduce((sum, record) => sum + recordBytes(record), 0);
        expect(delta.length <= 1 || bytes <= budget).toBe(true);
      }),
    );
  });

  it('make two stores equal in as many rounds as there are records, however small they are: nobody starves', () => {
    fc.assert(
      fc.property(stores, stores, fc.integer({ min: 1, max: 1_500 }), (a, b, budget) => {
        const known = new Set<NodeId>([...a.live.keys(), ...b.live.keys()]);
        for (let round = 0; round < known.size; round += 1) {
          exchange(a, b, budget);
          exchange(b, a, budget);
        }
        expect(contentsOf(a)).toEqual(contentsOf(b));
        expect(a.live.size).toBe(known.size);
        expect(exchange(a, b, budget)).toEqual([]);
      }),
    );
  });
});
