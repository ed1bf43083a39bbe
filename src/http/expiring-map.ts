interface Entry<Value> {
  readonly value: Value;
  readonly expiresAt: number;
}

/** Values that are forgotten at their time, and the oldest earlier when there are too many. */
export class ExpiringMap<Value> {
  /** The one put in longest ago first. */
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #limit: number;

  /** @param limit most entries that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @param now on the same clock as `expiresAt` of {@link set} */
  get(key: string, now: number): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt > now) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value, expiresAt: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
    if (this.#entries.size <= this.#limit) return;
    const oldest = this.#entries.keys().next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }
}
