import { millis, type Now, unixMillis } from '../../src/base/brands.ts';

/** When virtual time begins, by an exact wall clock: 2026-01-01T00:00:00Z. */
export const EPOCH = Date.UTC(2026, 0, 1);

const NANOSECOND = 1e-6;

/**
 * The clocks of one host. Both run at the host's own rate; the wall clock can be set. Virtual time is the truth that they are measured
 * against, in milliseconds.
 */
export class NodeClock {
  /** How many milliseconds the host's clocks gain in one millisecond of virtual time: 0.0001 is 100 ppm fast. */
  readonly drift: number;
  /** How far the wall clock is ahead, ms, beside the drift. */
  ahead: number;

  constructor(drift = 0, ahead = 0) {
    this.drift = drift;
    this.ahead = ahead;
  }

  read(virtual: number): Now {
    const monotonic = virtual * (1 + this.drift);
    return { monotonic: millis(monotonic), wall: unixMillis(Math.floor(EPOCH + monotonic + this.ahead)) };
  }

  /** A virtual time at which the host's monotonic clock shows `monotonic` or a nanosecond more, so that rounding never wakes too early. */
  virtualAt(monotonic: number): number {
    return monotonic / (1 + this.drift) + NANOSECOND;
  }
}
