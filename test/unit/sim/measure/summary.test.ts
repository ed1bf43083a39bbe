import { describe, expect, it } from 'vitest';
import { LAN, WORLD } from '../../../../sim/engine/latency.ts';
import { meanHop } from '../../../../sim/measure/hop.ts';
import { quantile, summarize } from '../../../../sim/measure/summary.ts';

describe('a summary', () => {
  it('takes the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(summarize(hundred)).toEqual({ count: 100, median: 50, p99: 99, max: 100 });
    expect(summarize([7])).toEqual({ count: 1, median: 7, p99: 7, max: 7 });
    expect(quantile([1, 2, 3], 0.5)).toBe(2);
  });

  it('says nothing of nothing', () => {
    expect(summarize([])).toBeNull();
  });
});

describe('the mean hop', () => {
  it('is that of the hosts that there are', () => {
    expect(meanHop(LAN, ['lan', 'lan', 'lan'])).toBeCloseTo(0.3 + 1.09 * 0.2, 6);
    expect(meanHop(WORLD, ['us-east', 'eu-west'])).toBeCloseTo(38 + 1.09 * (0.05 * 38 + 0.2), 6);
    expect(meanHop(WORLD, ['us-east'])).toBe(0);
  });
});
