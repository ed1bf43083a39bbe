import { type Millis, millis } from '../base/brands.ts';
import { err, ok, type Result } from '../base/result.ts';

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const MILLIS_OF: ReadonlyMap<string, number> = new Map(UNITS);

/**
 * Reads a duration as Go writes it: numbers with units, `1s`, `200ms`, `1m30s`, `1.5h`.
 *
 * @returns whole milliseconds, or why the text is none, in words that follow the name of the setting
 */
export function parseDuration(text: string): Result<Millis, string> {
  if (/^\d+(?:\.\d+)?$/.test(text)) return err('must be a duration with a unit (ms, s, m or h), such as 1s or 200ms');
  if (text.length > 40 || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) {
    return err('must be a duration, such as 1s, 200ms or 1m30s');
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) {
    total += Number(amount) * (MILLIS_OF.get(unit ?? '') ?? 0);
  }
  const whole = Math.round(total);
  // A decimal fraction of a unit is seldom exact in binary: 1.1 s is a hair more than 1,100 ms.
  if (Math.abs(total - whole) > 1e-6) return err('must be a duration of whole milliseconds');
  return ok(millis(whole));
}

/** Writes a duration so that {@link parseDuration} reads the same one: 90,000 is `1m30s`. */
export function formatDuration(duration: Millis): string {
  let rest: number = duration;
  let text = '';
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text === '' ? '0s' : text;
}
