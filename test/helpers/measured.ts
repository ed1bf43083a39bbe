import process from 'node:process';

/**
 * Tells how long something took, or another figure, when asked for with `MEASURE=1`; so the figures in the documentation can be taken again.
 *
 * @param figure milliseconds, unless `unit` says otherwise
 * @returns the same figure
 */
export function measured(what: string, figure: number, unit = 'ms'): number {
  if (process.env['MEASURE'] === '1') process.stderr.write(`measured: ${what}: ${Math.round(figure)} ${unit}\n`);
  return figure;
}
