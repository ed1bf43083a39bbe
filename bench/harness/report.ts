import { availableParallelism, cpus, loadavg } from 'node:os';
import { renderTable } from '../../src/cli/table.ts';
import { type Figure, summarize } from './figure.ts';

const COLUMNS = ['BENCH', 'FIGURE', 'MEDIAN', 'LOW', 'HIGH', 'UNIT', 'RUNS', 'RATIO', 'LOW', 'HIGH', 'TO'];

/** What all benches of one call gave, by their names. */
export type Results = ReadonlyMap<string, readonly Figure[]>;

/** The results as a table for a terminal, line by line. */
export function resultLines(results: Results): string[] {
  const rows = [...results].flatMap(([bench, figures]) =>
    figures.map(({ what, unit, values, against }) => {
      const { median, low, high } = summarize(values);
      const ratio = against === undefined ? undefined : summarize(against.ratios);
      return [
        bench,
        what,
        ...[median, low, high].map(short),
        unit,
        String(values.length),
        ...(ratio === undefined ? ['', '', ''] : [ratio.median, ratio.low, ratio.high].map(short)),
        against?.what ?? '',
      ].map((text) => ({ text }));
    }),
  );
  return renderTable(
    COLUMNS.map((title) => ({ title })),
    rows,
    { color: false },
  );
}

/** The results for programs, with the machine that they were measured on. */
export function resultsJson(results: Results): object {
  return {
    measuredAt: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: availableParallelism(),
    load: loadavg(),
    benches: Object.fromEntries(
      [...results].map(([bench, figures]) => [
        bench,
        figures.map((figure) => ({
          ...figure,
          ...summarize(figure.values),
          ...(figure.against === undefined
            ? {}
            : { against: { ...figure.against, ...summarize(figure.against.ratios) } }),
        })),
      ]),
    ),
  };
}

/** Three digits are more than the noise allows. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
