import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/invariant.ts';
import { seededRandom, shuffle } from '../../../src/base/random.ts';

describe('seededRandom', () => {
  it('gives the same numbers for a seed on every machine and in every release', () => {
    const random = seededRandom(42);
    expect(Array.from({ length: 8 }, () => random.below(1_000))).toEqual([605, 225, 535, 820, 834, 84, 852, 787]);
    expect(Array.from({ length: 3 }, () => random.fraction())).toEqual([
      0.030745793506209762, 0.6646155084750226, 0.09444006792883208,
    ]);
    const order = Array.from({ length: 10 }, (_, index) => index);
    shuffle(order, random);
    expect(order).toEqual([0, 7, 3, 1, 9, 2, 5, 6, 4, 8]);
  });

  it('gives other numbers for another seed', () => {
    const one = seededRandom(1);
    const other = seededRandom(2);
    const draw = (random: typeof one): number[] => Array.from({ length: 8 }, () => random.below(1_000_000));
    expect(draw(one)).not.toEqual(draw(other));
  });

  it('stays within its bounds and reaches each number about equally often', () => {
    const random = seededRandom(7);
    const counts = Array.from({ length: 5 }, () => 0);
    for (let draw = 0; draw < 5_000; draw += 1) {
      const drawn = random.below(5);
      counts[drawn] = (counts[drawn] ?? Number.NaN) + 1;
      const fraction = random.fraction();
      expect(fraction >= 0 && fraction < 1).toBe(true);
    }
    // Five standard deviations about the mean of 1,000.
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(142);
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('knows no number below %s', (bound) => {
    expect(() => seededRandom(1).below(bound)).toThrow(InvariantError);
  });
});

describe('shuffle', () => {
  it('keeps every item and makes every order about equally often', () => {
    const random = seededRandom(3);
    const seen = new Map<string, number>();
    for (let round = 0; round < 6_000; round += 1) {
      const items = ['a', 'b', 'c'];
      shuffle(items, random);
      const order = items.join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect([...seen.keys()].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(145);
  });

  it('leaves nothing and one thing as they are', () => {
    const none: string[] = [];
    const one = ['a'];
    shuffle(none, seededRandom(1));
    shuffle(one, seededRandom(1));
    expect([none, one]).toEqual([[], ['a']]);
  });
});
