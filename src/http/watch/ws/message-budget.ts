/** Messages that a client may send at once, and how many a second it gets back. */
const CAPACITY = 2_000;
const PER_SECOND = 100;

/** Bounds the messages of one client by a token bucket. */
export class MessageBudget {
  readonly #monotonic: () => number;
  #left = CAPACITY;
  #at: number;

  /** @param monotonic gives milliseconds */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#at = monotonic();
  }

  /** Takes one message from the budget; false when there is none left. */
  take(): boolean {
    const now = this.#monotonic();
    this.#left = Math.min(CAPACITY, this.#left + ((now - this.#at) / 1_000) * PER_SECOND);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
