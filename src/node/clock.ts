import { millis, type Now, unixMillis } from '../base/brands.ts';

/** Reads both clocks. */
export type Clock = () => Now;

/** The clocks of this machine. Wall time is only for versions and for showing; all durations are monotonic. */
export const systemClock: Clock = () => ({ monotonic: millis(performance.now()), wall: unixMillis(Date.now()) });
