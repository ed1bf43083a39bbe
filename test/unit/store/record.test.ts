import { describe, expect, it } from 'vitest';
import { compareClaims, compareRecords, mergeRecords, severity } from '../../../src/store/record.ts';
import { recordOf, textOf } from '../../helpers/records.ts';

describe('the order of records', () => {
  it.each([
    ['a newer version, whatever is said at the older', { version: 1, state: 'DEAD', left: true }, { version: 2 }],
    ['a suspicion at one version', {}, { state: 'SUSPECTED_DEAD' }],
    ['a death over a suspicion', { state: 'SUSPECTED_DEAD' }, { state: 'DEAD' }],
    ["the owner's goodbye over a death", { state: 'DEAD' }, { state: 'DEAD', left: true }],
    ['the greater address at equal severity', { address: 'a:1' }, { address: 'a:2' }],
    ['the greater metadata, all else being equal', { metadata: 'x' }, { metadata: 'y' }],
    ['the longer metadata of two that begin alike', { metadata: 'x' }, { metadata: 'xy' }],
  ] as const)('prefers %s', (_what, lesser, greater) => {
    const [low, high] = [recordOf(lesser), recordOf(greater)];
    expect(compareRecords(high, low)).toBeGreaterThan(0);
    expect(compareRecords(low, high)).toBeLessThan(0);
    expect(textOf(mergeRecords(low, high))).toBe(textOf(high));
    expect(textOf(mergeRecords(high, low))).toBe(textOf(high));
  });

  it('compares bytes of metadata as unsigned numbers', () => {
    const low = recordOf({ metadata: '\u007f' });
    const high = recordOf({ metadata: '\u0080' });
    expect(compareRecords(high, low)).toBeGreaterThan(0);
  });

  it('can not tell metadata apart by claims alone', () => {
    expect(compareClaims(recordOf({ metadata: 'x' }), recordOf({ metadata: 'y' }))).toBe(0);
  });
});

describe('an accusation', () => {
  it('changes the state and nothing else', () => {
    const record = recordOf({ version: 7, metadata: 'mine', address: 'here:1' });
    const accused = record.accused('DEAD');
    expect(textOf(accused)).toBe(textOf(recordOf({ version: 7, metadata: 'mine', address: 'here:1', state: 'DEAD' })));
    expect(severity(accused)).toBeGreaterThan(severity(record));
    expect(record.state).toBe('HEALTHY');
  });

  it("never carries the owner's mark of leaving", () => {
    expect(recordOf({ state: 'DEAD', left: true }).accused('DEAD').left).toBe(false);
  });
});
