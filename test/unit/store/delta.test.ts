import { describe, expect, it } from 'vitest';
import { millis, nodeId } from '../../../src/base/brands.ts';
import { type Delta, DeltaBuilder, deltaFor, recordBytes } from '../../../src/store/delta.ts';
import type { RecordStore } from '../../../src/store/record-store.ts';
import { digestOf, type RecordOptions, recordOf, storeOf } from '../../helpers/records.ts';

const nobody = (): boolean => false;
const PLENTY = 1 << 20;

function idsOf(delta: Delta): readonly string[] {
  return delta.map(({ id }) => id);
}

function buried(options: RecordOptions): RecordStore {
  const record = recordOf({ ...options, state: 'DEAD' });
  const store = storeOf([record]);
  store.bury(record.id, millis(0));
  return store;
}

describe('a delta', () => {
  it('holds what is newer or unknown to the other side, and nothing else', () => {
    const ours = ['newer', 'same', 'older', 'unknown'].map((id) => recordOf({ id, version: 5 }));
    const theirs = digestOf([
      recordOf({ id: 'newer', version: 4 }),
      recordOf({ id: 'same', version: 5 }),
      recordOf({ id: 'older', version: 6 }),
    ]);
    expect(idsOf(deltaFor(storeOf(ours), theirs, PLENTY, nobody)).toSorted()).toEqual(['newer', 'unknown']);
  });

  it('holds an accusation at a version that the other side has', () => {
    const store = storeOf([recordOf({ state: 'SUSPECTED_DEAD' })]);
    expect(idsOf(deltaFor(store, digestOf([recordOf()]), PLENTY, nobody))).toEqual(['m']);
  });

  it('tells strangers of nobody dead', () => {
    const dead = [recordOf({ id: 'a', state: 'DEAD' }), recordOf({ id: 'b', state: 'DEAD', left: true })];
    expect(deltaFor(storeOf(dead), digestOf([]), PLENTY, nobody)).toEqual([]);
    expect(deltaFor(buried({}), digestOf([]), PLENTY, nobody)).toEqual([]);
  });

  it('answers a digest that believes in life with the tombstone', () => {
    const delta = deltaFor(buried({ version: 5 }), digestOf([recordOf({ version: 5 })]), PLENTY, nobody);
    expect(delta.map(({ id, state }) => [id, state])).toEqual([['m', 'DEAD']]);
  });

  it('does not answer a newer life with an old tombstone', () => {
    expect(deltaFor(buried({ version: 5 }), digestOf([recordOf({ version: 6 })]), PLENTY, nobody)).toEqual([]);
  });

  it('is silent about members that are not spoken of', () => {
    const store = storeOf([recordOf({ id: 'a' }), recordOf({ id: 'b' })]);
    expect(idsOf(deltaFor(store, digestOf([]), PLENTY, (id) => id === nodeId('a')))).toEqual(['b']);
  });

  it('keeps within its budget and lets the one go first that is most behind', () => {
    const ours = ['a', 'b', 'c'].map((id) => recordOf({ id, version: 100, metadata: 'x'.repeat(50) }));
    const theirs = digestOf([
      recordOf({ id: 'a', version: 90 }),
      recordOf({ id: 'b', version: 10 }),
      recordOf({ id: 'c', version: 50 }),
    ]);
    const each = recordBytes(recordOf({ id: 'a', metadata: 'x'.repeat(50) }));
    expect(idsOf(deltaFor(storeOf(ours), theirs, 2 * each, nobody))).toEqual(['b', 'c']);
    expect(idsOf(deltaFor(storeOf(ours), theirs, 2 * each - 1, nobody))).toEqual(['b']);
  });
});

describe('DeltaBuilder', () => {
  it('always takes the first record, however big', () => {
    const builder = new DeltaBuilder(1);
    expect(builder.add(recordOf({ id: 'a', metadata: 'x'.repeat(1_000) }))).toBe(true);
    expect(builder.add(recordOf({ id: 'b' }))).toBe(false);
    expect(idsOf(builder.build())).toEqual(['a']);
  });

  it('counts ids at their widest in UTF-8', () => {
    const wide = recordOf({ id: '漢'.repeat(10), address: 'a:1', metadata: '' });
    expect(recordBytes(wide)).toBeGreaterThanOrEqual(Buffer.byteLength(wide.id) + 3 + 61);
  });
});
