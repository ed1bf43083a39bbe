import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/base/brands.ts';
import { formatDuration, parseDuration } from '../../../src/config/duration.ts';

describe('durations', () => {
  it.each([
    ['0s', 0],
    ['200ms', 200],
    ['1s', 1_000],
    ['1.5s', 1_500],
    ['1.1s', 1_100],
    ['60s', 60_000],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['24h', 86_400_000],
    ['1h2m3s4ms', 3_723_004],
  ])('reads %s as %d ms', (text, expected) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: expected });
  });

  it.each(['', 's', '1', '1.5', '-1s', '+1s', '1 s', '1d', '1S', '1s ', '.5s', '1.s', '0.5ms', '1h'.repeat(30)])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text).ok).toBe(false);
    },
  );

  it('says of a bare number that it lacks a unit', () => {
    const parsed = parseDuration('5');
    expect(parsed.ok ? '' : parsed.error).toContain('unit');
  });

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (duration) => {
        expect(parseDuration(formatDuration(millis(duration)))).toEqual({ ok: true, value: duration });
      }),
    );
    expect(formatDuration(millis(90_000))).toBe('1m30s');
    expect(formatDuration(millis(0))).toBe('0s');
  });
});
