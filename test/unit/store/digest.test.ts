import { describe, expect, it } from 'vitest';
import { millis, nodeId, unixMillis } from '../../../src/base/brands.ts';
import { digestFor } from '../../../src/store/digest.ts';
import { DigestEntry, type MemberRecord } from '../../../src/store/record.ts';
import { recordOf, storeOf } from '../../helpers/records.ts';

const entry = (record: MemberRecord) => new DigestEntry(record, unixMillis(record.id.length * 1_000));
const nobody = (): boolean => false;

function mixedStore() {
  const store = storeOf([
    recordOf({ id: 'alive', version: 3, address: 'there:7' }),
    recordOf({ id: 'dead', state: 'DEAD' }),
    recordOf({ id: 'buried', state: 'DEAD' }),
    recordOf({ id: 'peer', state: 'DEAD' }),
  ]);
  store.bury(nodeId('buried'), millis(0));
  store.bury(nodeId('peer'), millis(0));
  return store;
}

describe('a digest', () => {
  it('names all that is live, the lately dead included, with what is claimed and when they were last seen', () => {
    const digest = digestFor(mixedStore(), undefined, entry, nobody);
    expect([...digest.keys()].toSorted()).toEqual(['alive', 'dead']);
    expect(digest.get(nodeId('alive'))).toEqual(
      expect.objectContaining({ version: 3, state: 'HEALTHY', left: false, address: 'there:7', lastSeen: 5_000 }),
    );
  });

  it('names no tombstone but that of the peer it goes to', () => {
    const digest = digestFor(mixedStore(), nodeId('peer'), entry, nobody);
    expect([...digest.keys()].toSorted()).toEqual(['alive', 'dead', 'peer']);
    expect(digest.get(nodeId('peer'))?.state).toBe('DEAD');
  });

  it('is silent about members that are not spoken of, but tells the peer what is held of itself', () => {
    const digest = digestFor(mixedStore(), nodeId('alive'), entry, () => true);
    expect([...digest.keys()].toSorted()).toEqual(['alive']);
  });
});
