import type { UnixMillis } from '../../base/brands.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A moment as a page shows it. */
export interface ShownTime {
  /** ISO 8601 in UTC, to the millisecond. */
  readonly exact: string;
  /** To the second, with the date only when the moment is not of the last day. */
  readonly clock: string;
  /** How long ago. */
  readonly age: string;
}

/** @param now wall time, which the age is counted from */
export function shownTime(at: UnixMillis, now: UnixMillis): ShownTime {
  const exact = new Date(at).toISOString();
  const recent = Math.abs(now - at) < DAY * 1_000;
  const clock = `${recent ? exact.slice(11, 19) : exact.slice(0, 19).replace('T', ' ')} UTC`;
  return { exact, clock, age: age(now - at) };
}

/** A span of time for people, from milliseconds. What is not past yet, as clocks differ, is now. */
function age(span: number): string {
  const seconds = Math.floor(span / 1_000);
  if (seconds < 1) return 'now';
  if (seconds < 2 * MINUTE) return `${seconds} s ago`;
  if (seconds < 2 * HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  return `${Math.floor(seconds / DAY)} d ago`;
}
