import { setTimeout as delay } from 'node:timers/promises';

const FULL = process.env['E2E_LENGTH'] === 'full';

/** How often something is done, where CI does it less often than the scenario asks for. `E2E_LENGTH=full` gives all of it. */
export function times(counts: { readonly ci: number; readonly full: number }): number {
  return FULL ? counts.full : counts.ci;
}

/** How long a fault lasts, in milliseconds, where CI is shorter than the scenario asks for. `E2E_LENGTH=full` gives all of it. */
export function lasting(seconds: { readonly ci: number; readonly full: number }): number {
  return times(seconds) * 1_000;
}

/** Keeps a fault up. Not to be mistaken for waiting until something is so: there `eventually` is right. */
export async function keepUp(ms: number): Promise<void> {
  await delay(ms);
}
