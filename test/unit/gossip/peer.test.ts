import { describe, expect, it } from 'vitest';
import { millis, nodeId, unixMillis } from '../../../src/base/brands.ts';
import { Peer } from '../../../src/gossip/peer.ts';

describe('the failures of a peer', () => {
  it('count once a cycle, also when the check of one cycle ends before that of the cycle before', () => {
    const peer = new Peer(nodeId('p'), unixMillis(0), millis(0));
    const counted = [7, 9, 8, 9, 8, 7].map((cycle) => peer.countFailure(cycle));
    expect(counted).toEqual([true, true, true, false, false, false]);
    expect(peer.pending).toBe(3);
  });
});
