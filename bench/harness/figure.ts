/** What one run after the other gave for one thing that is measured. */
export interface Figure {
  readonly what: string;
  /** Such as `ms`, or `CPU µs/call`. */
  readonly unit: string;
  /** One value a run. */
  readonly values: readonly number[];
  /** The same runs of a ceiling or a rival: value by value, this one divided by that one. */
  readonly against?: { readonly what: string; readonly ratios: readonly number[] };
}

/** What a list of values comes to. */
export interface Summary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** @throws {RangeError} when there is no value */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((one, other) => one - other);
  const [low, high] = [sorted[0], sorted.at(-1)];
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  if (low === undefined || high === undefined || below === undefined || above === undefined) {
    throw new RangeError('there is nothing to summarize');
  }
  return { median: (below + above) / 2, low, high };
}

/** Sets two lists of values against each other, run by run. */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  return values.flatMap((value, run) => {
    const other = others[run];
    return other === undefined ? [] : [value / other];
  });
}
