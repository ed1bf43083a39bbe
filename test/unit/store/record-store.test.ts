import { describe, expect, it } from 'vitest';
import { millis, nodeId } from '../../../src/base/brands.ts';
import type { RecordStore } from '../../../src/store/record-store.ts';
import { contentsOf, recordOf, storeOf, textOf } from '../../helpers/records.ts';

const M = nodeId('m');

/** A store in which `m` died at version 5 and was buried at 1,000 ms. */
function withTombstone(): RecordStore {
  const store = storeOf([recordOf({ version: 5, state: 'DEAD' })]);
  store.bury(M, millis(1_000));
  return store;
}

function withGraves(count: number, maxTombstones: number): RecordStore {
  const ids = Array.from({ length: count }, (_, index) => `m${index}`);
  const store = storeOf(
    ids.map((id) => recordOf({ id, state: 'DEAD' })),
    maxTombstones,
  );
  for (const [index, id] of ids.entries()) store.bury(nodeId(id), millis(index * 100));
  return store;
}

describe('a store', () => {
  it('keeps the greater record and says whether it was replaced', () => {
    const store = storeOf([]);
    expect(store.merge(recordOf({ version: 2 }))).toBe(true);
    expect(store.merge(recordOf({ version: 2 }))).toBe(false);
    expect(store.merge(recordOf({ version: 1, state: 'DEAD' }))).toBe(false);
    expect(store.get(M)?.version).toBe(2);
    expect(store.merge(recordOf({ version: 2, state: 'SUSPECTED_DEAD' }))).toBe(true);
    expect(store.get(M)?.state).toBe('SUSPECTED_DEAD');
  });

  it('counts a revision for each change of what is live, and for nothing else', () => {
    const store = storeOf([]);
    const before = store.revision;
    store.merge(recordOf({ version: 2 }));
    expect(store.revision).toBe(before + 1);
    store.merge(recordOf({ version: 1 }));
    store.bury(M, millis(0));
    store.forget(nodeId('stranger'));
    expect(store.revision).toBe(before + 1);
    store.forget(M);
    expect(store.revision).toBe(before + 2);
    expect(store.get(M)).toBeUndefined();
  });

  it.each(['HEALTHY', 'SUSPECTED_DEAD'] as const)('does not bury what is %s', (state) => {
    const store = storeOf([recordOf({ state })]);
    store.bury(M, millis(0));
    expect([store.live.size, store.tombstones.size]).toEqual([1, 0]);
  });
});

describe('a tombstone', () => {
  it('takes the place of the live record', () => {
    const store = withTombstone();
    expect([store.live.has(M), store.tombstones.has(M)]).toEqual([false, true]);
    expect(store.get(M)?.state).toBe('DEAD');
  });

  it.each([
    ['an older life', { version: 4 }],
    ['the same version', { version: 5 }],
    ['a suspicion at the same version', { version: 5, state: 'SUSPECTED_DEAD' }],
    ['the same death', { version: 5, state: 'DEAD' }],
  ] as const)('is not lifted by %s', (_what, options) => {
    const store = withTombstone();
    const before = contentsOf(store);
    expect(store.merge(recordOf(options))).toBe(false);
    expect(contentsOf(store)).toEqual(before);
  });

  it.each(['HEALTHY', 'SUSPECTED_DEAD'] as const)('is lifted by a newer version that says %s', (state) => {
    const store = withTombstone();
    expect(store.merge(recordOf({ version: 6, state }))).toBe(true);
    expect([store.live.get(M)?.state, store.tombstones.size]).toEqual([state, 0]);
  });

  it('stays one, as old as it was, when a newer death is told', () => {
    const store = withTombstone();
    expect(store.merge(recordOf({ version: 6, state: 'DEAD' }))).toBe(true);
    expect([store.live.size, store.tombstones.get(M)?.buriedAt]).toEqual([0, 1_000]);
    expect(store.get(M)?.version).toBe(6);
  });

  it('gives way, the oldest first, when there are too many', () => {
    expect([...withGraves(5, 3).tombstones.keys()]).toEqual(['m2', 'm3', 'm4']);
  });

  it('may be forbidden altogether', () => {
    expect(withGraves(2, 0).tombstones.size).toBe(0);
  });

  it('expires when its time has come, not before', () => {
    const store = withGraves(5, 100);
    store.expireTombstones(millis(-1));
    expect(store.tombstones.size).toBe(5);
    store.expireTombstones(millis(200));
    expect([...store.tombstones.keys()]).toEqual(['m3', 'm4']);
  });

  it('of one who died, came back and died again counts from the last burial', () => {
    const store = withGraves(2, 100);
    store.merge(recordOf({ id: 'm0', version: 9 }));
    store.merge(recordOf({ id: 'm0', version: 9, state: 'DEAD' }));
    store.bury(nodeId('m0'), millis(5_000));
    store.expireTombstones(millis(4_999));
    expect([...store.tombstones.values()].map(({ record }) => textOf(record))).toEqual([
      textOf(recordOf({ id: 'm0', version: 9, state: 'DEAD' })),
    ]);
  });
});
