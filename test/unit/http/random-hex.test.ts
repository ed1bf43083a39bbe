import { expect, it } from 'vitest';
import { randomHex } from '../../../src/http/random-hex.ts';

it('never gives the same bytes twice, over many draws of the pool', () => {
  const drawn = Array.from({ length: 5_000 }, () => randomHex(16));
  for (const one of drawn) expect(one).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(drawn).size).toBe(drawn.length);
});

it('gives no bytes of the emptied pool when the sizes do not divide it', () => {
  const drawn = Array.from({ length: 2_000 }, (_, index) => randomHex(index % 2 === 0 ? 7 : 16));
  for (const [index, one] of drawn.entries()) expect(one).toHaveLength(index % 2 === 0 ? 14 : 32);
  expect(drawn.filter((one) => /^0+$/.test(one))).toEqual([]);
  expect(new Set(drawn).size).toBe(drawn.length);
});
