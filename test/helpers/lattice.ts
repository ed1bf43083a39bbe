import { expect } from 'vitest';

/**
 * The laws of a join semilattice: merging is commutative, associative and idempotent, so whoever merges the same things ends with
 * the same result, in whatever order and however often.
 *
 * @param text tells two values apart
 */
export function expectLattice<Value>(
  merge: (a: Value, b: Value) => Value,
  [a, b, c]: readonly [Value, Value, Value],
  text: (value: Value) => string,
): void {
  expect(text(merge(a, a)), 'idempotent').toBe(text(a));
  expect(text(merge(a, b)), 'commutative').toBe(text(merge(b, a)));
  expect(text(merge(merge(a, b), c)), 'associative').toBe(text(merge(a, merge(b, c))));
  const joined = merge(a, b);
  expect(text(merge(joined, a)), 'an upper bound').toBe(text(joined));
  expect(text(merge(joined, b)), 'an upper bound').toBe(text(joined));
}
