import type { Millis } from '../base/brands.ts';

/** How long a key stays silent after a line of its own. */
const WINDOW_MS = 60_000;

/** Keys remembered at the most; the one that spoke longest ago is forgotten first. */
const MAX_KEYS = 1_024;

interface Spoken {
  readonly at: number;
  suppressed: number;
}

/** Lets through one line a minute for each key and counts the others, so that no peer can fill a disk with log lines. */
export class LineLimiter {
  readonly #monotonic: () => Millis;
  /** In the order in which the keys last spoke. */
  readonly #spoken = new Map<string, Spoken>();

  /** @param monotonic the monotonic clock */
  constructor(monotonic: () => Millis) {
    this.#monotonic = monotonic;
  }

  /** Keys that are remembered now. */
  get size(): number {
    return this.#spoken.size;
  }

  /**
   * Asks to write a line now.
   *
   * @returns how many lines of this key were held back since its last one, or undefined when this one is held back too
   */
  admit(key: string): number | undefined {
    const now = this.#monotonic();
    const last = this.#spoken.get(key);
    if (last !== undefined && now - last.at < WINDOW_MS) {
      last.suppressed += 1;
      return undefined;
    }
    this.#spoken.delete(key);
    this.#spoken.set(key, { at: now, suppressed: 0 });
    this.#forgetOldest();
    return last?.suppressed ?? 0;
  }

  #forgetOldest(): void {
    if (this.#spoken.size <= MAX_KEYS) return;
    const oldest = this.#spoken.keys().next();
    if (oldest.done !== true) this.#spoken.delete(oldest.value);
  }
}
