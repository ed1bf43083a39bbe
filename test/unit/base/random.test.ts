import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/invariant.ts';
import { sample, seededRandom, shuffle } from '../../../src/base/random.ts';

describe('seededRandom', () => {
  it('gives the same numbers for a seed on every machine and in every release', () => {
    const random = seededRandom(42);
    expect(Array.from({ length: 8 }, () => random.below(1_000))).toEqual([28, 905, 842, 558, 385, 927, 524, 793]);
    expect(Array.from({ length: 3 }, () => random.fraction())).toEqual([
      0.6488984887389643, 0.05461936270865975, 0.43272624892403255,
    ]);
    const order = Array.from({ length: 10 }, (_, index) => index);
    shuffle(order, random);
    expect(order).toEqual([1, 0, 5, 6, 2, 9, 4, 7, 8, 3]);
  });

  it('gives other numbers for another seed', () => {
    const one = seededRandom(1);
    const other = seededRandom(2);
    const draw = (random: typeof one): number[] => Array.from({ length: 8 }, () => random.below(1_000_000));
    expect(draw(one)).not.toEqual(draw(other));
  });

  it('begins anywhere, also with the small numbers that seeds are', () => {
    const seeds = Array.from({ length: 1_000 }, (_, index) => index);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const seed of seeds) {
      const tenth = Math.floor(seededRandom(seed).fraction() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // A hundred each, with a standard deviation of 9.5.
    expect(Math.min(...tenths)).toBeGreaterThan(60);
    expect(Math.max(...tenths)).toBeLessThan(140);
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

describe('sample', () => {
  it('takes as many as wanted, none twice, and every one about equally often', () => {
    const random = seededRandom(4);
    const taken = new Map<string, number>();
    for (let round = 0; round < 6_000; round += 1) {
      const sampled = sample(new Set(['a', 'b', 'c', 'd']), 2, random);
      expect(new Set(sampled).size).toBe(2);
      for (const item of sampled) taken.set(item, (taken.get(item) ?? 0) + 1);
    }
    for (const item of ['a', 'b', 'c', 'd']) expect(Math.abs((taken.get(item) ?? 0) - 3_000)).toBeLessThan(200);
  });

  it('takes all where there are not so many, and leaves them where they were', () => {
    const items = ['a', 'b'];
    expect(sample(items, 5, seededRandom(1)).toSorted()).toEqual(['a', 'b']);
    expect(sample(items, 0, seededRandom(1))).toEqual([]);
    expect(items).toEqual(['a', 'b']);
  });
});
