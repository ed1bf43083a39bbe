import type { Millis } from '../base/brands.ts';

/** How long a key stays silent after a line of its own. */
const WINDOW_MS = 60_000;

/** Lines of one group in a minute at the most, whatever their keys: who changes its name with every line is one liar still. */
const MAX_GROUP_LINES = 20;

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
  readonly #groups = new Map<string, { readonly since: number; lines: number }>();

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
   * @param group what kind of line it is: one of a few
   * @param about tells the peers and reasons of a group apart; a peer may make these up
   * @returns how many lines of this key were held back since its last one, or undefined when this one is held back too
   */
  admit(group: string, about: readonly string[]): number | undefined {
    const now = this.#monotonic();
    const key = JSON.stringify([group, ...about]);
    const last = this.#spoken.get(key);
    if (last !== undefined && now - last.at < WINDOW_MS) {
      last.suppressed += 1;
      return undefined;
    }
    if (!this.#groupMaySpeak(group, now)) return undefined;
    this.#spoken.delete(key);
    this.#spoken.set(key, { at: now, suppressed: 0 });
    this.#forgetOldest();
    return last?.suppressed ?? 0;
  }

  #groupMaySpeak(group: string, now: number): boolean {
    const spoken = this.#groups.get(group);
    if (spoken === undefined || now - spoken.since >= WINDOW_MS) {
      this.#groups.set(group, { since: now, lines: 1 });
      return true;
    }
    spoken.lines += 1;
    return spoken.lines <= MAX_GROUP_LINES;
  }

  #forgetOldest(): void {
    if (this.#spoken.size <= MAX_KEYS) return;
    const oldest = this.#spoken.keys().next();
    if (oldest.done !== true) this.#spoken.delete(oldest.value);
  }
}
