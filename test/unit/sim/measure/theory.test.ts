import { describe, expect, it } from 'vitest';
import { LAN } from '../../../../sim/engine/latency.ts';
import { directTransport } from '../../../../sim/engine/transport.ts';
import { World } from '../../../../sim/engine/world.ts';
import { Meter } from '../../../../sim/measure/meter.ts';
import { quantile } from '../../../../sim/measure/summary.ts';
import { allKnow, atOwnMoments, inRounds, reaches } from '../../../../sim/measure/theory.ts';
import { millis } from '../../../../src/base/brands.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../../../../src/gossip/config.ts';

/** Cycles until all know. */
function time(nodes: number, factor: number, hop = 0): number {
  return reaches(atOwnMoments(nodes, factor, hop), allKnow(nodes)) ?? 0;
}

describe('the theory of spreading', () => {
  it('follows the recurrence in rounds', () => {
    const { shares } = inRounds(10, 3);
    expect(shares[0]).toBe(0.1);
    // One node of ten knows. Nine do not: three contacts of their own miss it, and its own three of nine miss them.
    expect(shares[1]).toBeCloseTo(1 - 0.9 * 0.9 ** 3 * (2 / 3), 12);
  });

  it.each([
    [2, 3],
    [10, 1],
    [10, 3],
    [1_000, 3],
  ])('rises from one of %i to all with %i contacts a cycle', (nodes, factor) => {
    for (const curve of [inRounds(nodes, factor), atOwnMoments(nodes, factor), atOwnMoments(nodes, factor, 0.05)]) {
      expect(curve.shares[0]).toBe(1 / nodes);
      expect(curve.shares.at(-1)).toBeGreaterThan(allKnow(nodes));
      expect(curve.shares.at(-1)).toBeLessThanOrEqual(1);
      for (const [at, share] of curve.shares.entries())
        expect(share).toBeGreaterThan((curve.shares[at - 1] ?? 0) - 1e-12);
    }
  });

  it('takes longer with more nodes, fewer contacts and longer ways, and in rounds', () => {
    expect(time(1_000, 3)).toBeGreaterThan(time(100, 3));
    expect(time(100, 1)).toBeGreaterThan(time(100, 3));
    expect(time(100, 3, 0.05)).toBeGreaterThan(time(100, 3));
    expect(reaches(inRounds(100, 3), allKnow(100))).toBeGreaterThan(time(100, 3));
    // Ten times the nodes cost a constant more: growth is by the logarithm.
    const growth = (time(10_000, 3) - time(1_000, 3)) / (time(1_000, 3) - time(100, 3));
    expect(growth).toBeGreaterThan(0.8);
    expect(growth).toBeLessThan(1.2);
  });

  it('finds a share between two entries of a curve', () => {
    const curve = { step: 0.5, shares: [0.1, 0.3, 0.7] };
    expect(reaches(curve, 0.5)).toBeCloseTo(0.75, 12);
    expect(reaches(curve, 0.1)).toBe(0);
    expect(reaches(curve, 0.9)).toBeUndefined();
  });

  it('foresees the median of a calm mesh to a quarter', () => {
    const nodes = 24;
    // The theory is that of the timer's handshakes, with the same number in each cycle: news is not pushed here, and nobody begins fewer.
    const config = { ...DEFAULT_GOSSIP_CONFIG, leastContacts: 3, eagerWindow: millis(86_400_000) };
    const world = new World({ seed: 5, config, latency: LAN, transport: directTransport });
    const meter = new Meter(world);
    for (let number = 0; number < nodes; number += 1) {
      world.addHost(`n${number}`, { join: number === 0 ? [] : ['n0:7946'] });
      world.start(`n${number}`);
    }
    for (let update = 0; update < 25; update += 1) {
      world.at(6_000 + update * 3_137, () => world.relabel(`n${(update * 7) % nodes}`));
    }
    world.runUntil(6_000 + 25 * 3_137);
    const took = meter
      .finish()
      .updates.map(({ spread, missed }) => (missed === 0 ? (spread?.max ?? 0) / 1_000 : Number.POSITIVE_INFINITY));
    const theory = time(nodes, DEFAULT_GOSSIP_CONFIG.gossipFactor);
    const median = quantile(
      took.toSorted((a, b) => a - b),
      0.5,
    );
    expect(took).toHaveLength(25);
    expect(median / theory).toBeGreaterThan(0.75);
    expect(median / theory).toBeLessThan(1.25);
  });
});
