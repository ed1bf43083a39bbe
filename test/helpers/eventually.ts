import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks. Finer than any time window that a test measures. */
const POLL_MS = 50;

/** What is waited for. */
export interface Expectation<Value> {
  /** Names it in the error. */
  readonly what: string;
  readonly deadlineMs: number;
  /** Looks once. A look that throws is one that did not see it. */
  readonly read: () => Promise<Value> | Value;
  readonly until: (value: Value) => boolean;
  /** Renders what was seen last for the error. */
  readonly show?: (value: Value) => string;
}

/**
 * Looks again and again until something is so.
 *
 * @returns how long it took, in milliseconds
 * @throws {Error} when it is not so by the deadline, with what was seen last
 */
export async function eventually<Value>(expectation: Expectation<Value>): Promise<number> {
  const { what, deadlineMs, read, until, show = (value) => JSON.stringify(value) } = expectation;
  const startedAt = performance.now();
  let seen = 'nothing';
  for (;;) {
    try {
      const value = await read();
      seen = show(value);
      if (until(value)) return performance.now() - startedAt;
    } catch (error) {
      seen = String(error);
    }
    if (performance.now() - startedAt > deadlineMs) {
      throw new Error(`not within ${deadlineMs} ms: ${what}; seen last: ${seen}`);
    }
    await delay(POLL_MS);
  }
}
