/** Some numbers in brief. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * The smallest of the numbers that at least a share of them do not exceed (the nearest-rank quantile: always one of the numbers).
 *
 * @param sorted ascending, not empty
 * @param share above 0, up to 1
 */
export function quantile(sorted: readonly number[], share: number): number {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? Number.NaN;
}

/** @returns null when there are no numbers */
export function summarize(numbers: readonly number[]): Summary | null {
  if (numbers.length === 0) return null;
  const sorted = numbers.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  };
}

/** To so many decimals: what is smaller is noise, and makes data long. */
export function rounded(number: number, decimals = 2): number {
  const scale = 10 ** decimals;
  return Math.round(number * scale) / scale;
}
