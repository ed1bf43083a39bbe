import { describe, expect, it } from 'vitest';
import { isVersion } from '../../../src/base/brands.ts';
import { InvariantError, invariant, unreachable } from '../../../src/base/invariant.ts';

describe('invariant', () => {
  it('passes what holds and throws what does not, with a stable code', () => {
    expect(() => invariant(true, 'holds')).not.toThrow();
    expect(() => invariant(undefined, 'the sky is green')).toThrow(
      expect.objectContaining({ name: 'InvariantError', code: 'MUSTER_INVARIANT', message: 'the sky is green' }),
    );
  });

  it('throws where no case should be', () => {
    expect(() => unreachable('other' as never)).toThrow(InvariantError);
  });
});

describe('isVersion', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('takes %s', (value) => {
    expect(isVersion(value)).toBe(true);
  });

  it.each([-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (value) => {
    expect(isVersion(value)).toBe(false);
  });
});
