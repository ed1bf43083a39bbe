import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/base/brands.ts';
import { LineLimiter } from '../../../src/observability/line-limiter.ts';

function limiterAt(): { readonly limiter: LineLimiter; advance: (ms: number) => void } {
  let now = 0;
  return {
    limiter: new LineLimiter(() => millis(now)),
    advance: (ms) => {
      now += ms;
    },
  };
}

describe('a limiter of log lines', () => {
  it('lets one line a minute through for each peer, and says how many it held back', () => {
    const { limiter, advance } = limiterAt();
    expect(limiter.admit('refused', ['a'])).toBe(0);
    expect(limiter.admit('refused', ['a'])).toBeUndefined();
    expect(limiter.admit('refused', ['b'])).toBe(0);
    expect(limiter.admit('other', ['a'])).toBe(0);
    advance(59_999);
    expect(limiter.admit('refused', ['a'])).toBeUndefined();
    advance(1);
    expect(limiter.admit('refused', ['a'])).toBe(2);
  });

  it('is not flooded by a peer that takes another name for every line', () => {
    const { limiter, advance } = limiterAt();
    const lines = (): number => {
      let through = 0;
      for (let name = 0; name < 10_000; name += 1) through += limiter.admit('refused', [`liar ${name}`]) === 0 ? 1 : 0;
      return through;
    };
    expect(lines()).toBe(20);
    expect(limiter.admit('other', ['a'])).toBe(0);
    advance(60_000);
    expect(limiter.admit('refused', ['somebody else'])).toBe(0);
  });

  it('remembers a bounded number of keys', () => {
    const { limiter } = limiterAt();
    for (let group = 0; group < 5_000; group += 1) limiter.admit(`group ${group}`, ['a']);
    expect(limiter.size).toBeLessThanOrEqual(1_024);
    expect(limiter.admit('group 4999', ['a'])).toBeUndefined();
  });
});
