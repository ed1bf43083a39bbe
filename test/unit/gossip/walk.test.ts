import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NodeId, nodeId } from '../../../src/base/brands.ts';
import { seededRandom } from '../../../src/base/random.ts';
import { ShuffledWalk } from '../../../src/gossip/walk.ts';

const seed = fc.nat({ max: 10_000 });

function ids(count: number): readonly NodeId[] {
  return Array.from({ length: count }, (_, index) => nodeId(`m${index}`));
}

function walkOf(count: number, random = seededRandom(1)): ShuffledWalk {
  const walk = new ShuffledWalk(random);
  for (const id of ids(count)) walk.add(id);
  return walk;
}

describe('ShuffledWalk', () => {
  it('draws every member exactly once in each walk', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 20 }), (seeded, count) => {
        const walk = walkOf(count, seededRandom(seeded));
        for (let round = 0; round < 3; round += 1) {
          const drawn = Array.from({ length: count }, () => walk.draw(1)).flat();
          expect(drawn.toSorted()).toEqual(ids(count).toSorted());
        }
      }),
    );
  });

  it('draws nobody twice at once, even across the end of a walk', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 6 }), (seeded, count, factor) => {
        const walk = walkOf(count, seededRandom(seeded));
        for (let round = 0; round < 10; round += 1) {
          const drawn = walk.draw(factor);
          expect(drawn.length).toBe(Math.min(factor, count));
          expect(new Set(drawn).size).toBe(drawn.length);
        }
      }),
    );
  });

  it('draws all but the one that is excepted', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 }), (seeded, count, factor) => {
        const walk = walkOf(count, seededRandom(seeded));
        const [except] = ids(count);
        const drawn = Array.from({ length: 2 * count }, () => walk.draw(factor, except));
        for (const some of drawn) expect(new Set(some).size).toBe(Math.min(factor, count - 1));
        expect([...new Set(drawn.flat())].toSorted()).toEqual(ids(count).slice(1).toSorted());
        expect(walk.draw(factor, nodeId('stranger')).length).toBe(Math.min(factor, count));
      }),
    );
  });

  it('lets nobody wait for more than two walks', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 }), (seeded, count, factor) => {
        const walk = walkOf(count, seededRandom(seeded));
        const waits = new Map(ids(count).map((id) => [id, 0]));
        for (let round = 0; round < 40; round += 1) {
          const drawn = new Set(walk.draw(factor));
          for (const [id, wait] of waits) waits.set(id, drawn.has(id) ? 0 : wait + 1);
          expect(Math.max(...waits.values())).toBeLessThan(2 * Math.ceil(count / factor));
        }
      }),
    );
  });

  it('has a newcomer drawn within the running walk, at any place in it', () => {
    const places = new Set<number>();
    for (let round = 0; round < 200; round += 1) {
      const walk = walkOf(4, seededRandom(round));
      walk.draw(2);
      walk.add(nodeId('new'));
      const rest = walk.draw(3);
      expect(rest).toContain('new');
      places.add(rest.indexOf(nodeId('new')));
    }
    expect([...places].toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  it('forgets who is removed, and nobody else misses a turn', () => {
    fc.assert(
      fc.property(seed, fc.nat({ max: 7 }), fc.nat({ max: 7 }), (seeded, drawnFirst, gone) => {
        const walk = walkOf(8, seededRandom(seeded));
        const first = walk.draw(drawnFirst);
        walk.remove(nodeId(`m${gone}`));
        walk.remove(nodeId('stranger'));
        const open = ids(8).filter((id) => !first.includes(id) && id !== `m${gone}`);
        expect(walk.size).toBe(7);
        expect(walk.draw(open.length).toSorted()).toEqual(open.toSorted());
      }),
    );
  });

  it('can begin with members, in any order', () => {
    const firsts = new Set<NodeId | undefined>();
    for (let round = 0; round < 100; round += 1) {
      const drawn = new ShuffledWalk(seededRandom(round), ids(4)).draw(9);
      expect(drawn.toSorted()).toEqual(ids(4));
      firsts.add(drawn[0]);
    }
    expect(firsts.size).toBe(4);
  });

  it('is left as it is where somebody is taken out who is not in it', () => {
    const walk = walkOf(3);
    walk.remove(nodeId('stranger'));
    expect(walk.draw(9).toSorted()).toEqual(ids(3));
  });
});
