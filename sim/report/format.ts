/** Numbers for people: three significant figures, and the unit that fits. */

const THIN = '\u202f';

/** Milliseconds as ms or s. */
export function time(ms: number): string {
  return ms < 1_000 ? `${figures(ms)} ms` : `${figures(ms / 1_000)} s`;
}

/** A setting's time, as it was set. */
export function plainTime(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

export function bytes(count: number): string {
  if (count < 1_000) return `${figures(count)} B`;
  return count < 1_000_000 ? `${figures(count / 1_000)} kB` : `${figures(count / 1_000_000)} MB`;
}

/** A whole number with its thousands set apart. */
export function whole(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** Three significant figures, without an exponent. */
export function figures(number: number): string {
  const size = Math.abs(number);
  if (size >= 100) return whole(number);
  return number.toFixed(size >= 10 ? 1 : 2);
}

/** Sorts ids as people count: n2 before n10. */
export function byCounting(a: string, b: string): number {
  return COUNTING.compare(a, b);
}

const COUNTING = new Intl.Collator('en', { numeric: true });
