import process from 'node:process';

/**
 * Tells how long something took, or how much of it there was, when asked for with `MEASURE=1`; so the figures in the documentation can be taken again.
 *
 * @param unit of the figure; milliseconds when it is left out
 * @returns the figure
 */
export function measured(what: string, figure: number, unit = 'ms'): number {
  if (process.env['MEASURE'] === '1') process.stderr.write(`measured: ${what}: ${Math.round(figure)} ${unit}\n`);
  return figure;
}
