import { describe, expect, it } from 'vitest';
import { BUCKETS, bucketOf, Fingerprint, inScope, WHOLE } from '../../../src/store/fingerprint.ts';
import { FingerprintIndex } from '../../../src/store/fingerprint-index.ts';
import type { MemberRecord } from '../../../src/store/record.ts';
import { type RecordOptions, recordOf } from '../../helpers/records.ts';

function hex({ high, low }: Fingerprint): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

function indexOf(records: readonly MemberRecord[]): FingerprintIndex {
  const index = new FingerprintIndex();
  for (const record of records) index.replace(undefined, record);
  return index;
}

const MEMBERS = Array.from({ length: 100 }, (_, index) => recordOf({ id: `m${index}` }));

describe('a fingerprint', () => {
  // The values come from another implementation of MurmurHash3. Peers of another version rely on them: they never change.
  it.each([
    ['prod-eu', 1_795_253_412_345, 0, '10.0.0.1:7946', 'cca4521dc44c9cb6'],
    ['prod-eu', 1_795_253_412_345, 2, '10.0.0.1:7946', '19b9c901a9a38cd8'],
    ['größe', 1, 0, '[::1]:1', '3d52df11db8b4e64'],
    ['a', 0, 0, '', '4287c1df9ca5b2c4'],
  ])('of %s at %i, %i, %s is the one of the wire contract', (id, version, severity, address, expected) => {
    expect(hex(Fingerprint.of(id, version, severity, address))).toBe(expected);
  });

  it.each([
    ['prod-eu', 12],
    ['größe', 8],
    ['a', 13],
    ['b', 25],
  ])('puts %s into the bucket of the wire contract', (id, bucket) => {
    expect(bucketOf(id)).toBe(bucket);
  });

  it.each<readonly [string, RecordOptions]>([
    ['the id', { id: 'n', address: 'm:1' }],
    ['the version', { version: 2 }],
    ['the version beyond 32 bits', { version: 1 + 2 ** 32 }],
    ['a suspicion', { state: 'SUSPECTED_DEAD' }],
    ['a death', { state: 'DEAD' }],
    ['a goodbye', { state: 'DEAD', left: true }],
    ['the address', { address: 'm:2' }],
    ['where the id ends and the address begins', { id: 'm', address: ':1m' }],
  ])('tells %s', (_, options) => {
    expect(recordOf(options).fingerprint.equals(recordOf().fingerprint)).toBe(false);
  });

  it('is not about the metadata, of which a digest tells nothing', () => {
    expect(recordOf({ metadata: 'x' }).fingerprint.equals(recordOf().fingerprint)).toBe(true);
  });

  it('equals no fingerprint that is not told', () => {
    expect(Fingerprint.NONE.equals(undefined)).toBe(false);
  });

  it('spreads members over all the buckets', () => {
    const many = Array.from({ length: 3_200 }, (_, index) => bucketOf(`cluster-${index}.example`));
    const sizes = Array.from({ length: BUCKETS }, (_, bucket) => many.filter((one) => one === bucket).length);
    expect(Math.min(...sizes)).toBeGreaterThan(60);
    expect(Math.max(...sizes)).toBeLessThan(140);
  });
});

describe('a scope', () => {
  it('of everything holds every bucket', () => {
    expect(Array.from({ length: BUCKETS }, (_, bucket) => inScope(WHOLE, bucket))).not.toContain(false);
  });

  it('is an unsigned number, the last bucket included', () => {
    const last = recordOf({ id: MEMBERS.find(({ id }) => bucketOf(id) === BUCKETS - 1)?.id ?? '' });
    const scope = indexOf([last]).difference(indexOf([]).buckets);
    expect(scope).toBe(0x8000_0000);
    expect(inScope(scope, BUCKETS - 1)).toBe(true);
    expect(last.isWithin(scope)).toBe(true);
    expect(last.isWithin(0x7fff_ffff)).toBe(false);
  });
});

describe('an index of fingerprints', () => {
  it('names no bucket where two hold the same', () => {
    expect(indexOf(MEMBERS).difference(indexOf(MEMBERS.toReversed()).buckets)).toBe(0);
  });

  it('names the one bucket in which a record differs, whoever has the newer one', () => {
    const theirs = indexOf(MEMBERS);
    theirs.replace(recordOf({ id: 'm7' }), recordOf({ id: 'm7', version: 2 }));
    const one = 2 ** bucketOf('m7');
    expect(indexOf(MEMBERS).difference(theirs.buckets)).toBe(one);
    expect(theirs.difference(indexOf(MEMBERS).buckets)).toBe(one);
  });

  it('names the bucket of a member that only one of the two holds', () => {
    expect(indexOf(MEMBERS).difference(indexOf(MEMBERS.slice(1)).buckets)).toBe(2 ** bucketOf('m0'));
  });

  it('names every bucket to somebody who tells of none', () => {
    expect(indexOf(MEMBERS).difference([])).toBe(WHOLE);
  });

  it('is empty again when everything is gone', () => {
    const index = indexOf(MEMBERS);
    for (const record of MEMBERS) index.replace(record, undefined);
    expect(hex(index.whole)).toBe('0000000000000000');
    expect(index.difference(indexOf([]).buckets)).toBe(0);
  });
});
