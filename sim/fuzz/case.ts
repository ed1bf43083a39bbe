import type { Timed } from '../faults/action.ts';

/** One run of the fuzz, whole: plain JSON, so that it can be printed, kept and replayed. Times are ms of virtual time. */
export interface FuzzCase {
  /** Of the world: its chance, and what hosts differ in. */
  readonly seed: number;
  /** The name of the latency model. */
  readonly latency: string;
  /** Hosts `n0`, `n1`, … that run from the start. */
  readonly nodes: number;
  /** The first so many of them are everybody's bootstrap addresses. */
  readonly bootstraps: number;
  /** The clocks of the hosts run by up to so many parts in a million too fast or too slow. */
  readonly drift: number;
  /** The nodes start at random moments of this time. */
  readonly startSpread: number;
  readonly deadRetention: number;
  readonly maxDeltaBytes: number;
  readonly actions: readonly Timed[];
}
