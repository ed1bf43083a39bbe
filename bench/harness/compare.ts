import { type Figure, ratios } from './figure.ts';

/** One thing that is measured beside others. */
export interface Contestant {
  readonly what: string;
  readonly unit: string;
  /** The ceiling or rival that it is set against: the `what` of another contestant. */
  readonly against?: string;
  /** Measures once. */
  readonly measure: () => Promise<number> | number;
}

/**
 * Measures contestants in turn, run by run, so that whatever else the machine does hits all of them alike. Every other run goes
 * backwards: nobody is always the one after the heaviest.
 */
export async function compare(contestants: readonly Contestant[], runs: number): Promise<Figure[]> {
  const values = new Map(contestants.map(({ what }) => [what, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    for (const { what, measure } of run % 2 === 0 ? contestants : contestants.toReversed()) {
      values.get(what)?.push(await measure());
    }
  }
  return contestants.map(({ what, unit, against }) => {
    const own = values.get(what) ?? [];
    if (against === undefined) return { what, unit, values: own };
    return { what, unit, values: own, against: { what: against, ratios: ratios(own, values.get(against) ?? []) } };
  });
}
