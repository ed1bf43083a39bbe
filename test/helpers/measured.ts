import process from 'node:process';

/**
 * Tells how long something took, when asked for with `MEASURE=1`; so the figures in the documentation can be taken again.
 *
 * @param tookMs milliseconds
 * @returns the same
 */
export function measured(what: string, tookMs: number): number {
  if (process.env['MEASURE'] === '1') process.stderr.write(`measured: ${what}: ${Math.round(tookMs)} ms\n`);
  return tookMs;
}
