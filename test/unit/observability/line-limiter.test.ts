import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/base/brands.ts';
import { LineLimiter } from '../../../src/observability/line-limiter.ts';

describe('the line limiter', () => {
  it('remembers at most 1,024 keys and forgets the one that spoke longest ago', () => {
    let now = 0;
    const limiter = new LineLimiter(() => millis(now));
    for (let key = 0; key < 1_024; key += 1) limiter.admit(`key ${key}`);
    now = 60_000;
    expect(limiter.admit('key 0')).toBe(0);
    for (let key = 0; key < 10; key += 1) limiter.admit(`other ${key}`);
    expect(limiter.size).toBe(1_024);
    expect(limiter.admit('key 0')).toBeUndefined();
    now = 60_001;
    expect(limiter.admit('other 9')).toBeUndefined();
  });

  it('stays bounded whatever it is asked for', () => {
    const limiter = new LineLimiter(() => millis(0));
    for (let key = 0; key < 5_000; key += 1) limiter.admit(`key ${key}`);
    expect(limiter.size).toBe(1_024);
    expect(limiter.admit('key 4999')).toBeUndefined();
    expect(limiter.admit('key 0')).toBe(0);
  });
});
