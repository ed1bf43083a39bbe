/** What an agent shows of a member that it did not show before. */
export type Sight = 'appeared' | 'updated' | 'dead' | 'left';

interface Waiting {
  /** The sights that have not come yet. */
  readonly missing: Set<string>;
  readonly resolve: (at: number) => void;
}

/** Who has seen what, of all agents of a mesh. */
export class Sightings {
  readonly #seen = new Map<string, Set<string>>();
  readonly #waiting = new Set<Waiting>();

  saw(observer: string, sight: Sight, member: string): void {
    const at = performance.now();
    const what = `${sight} ${member}`;
    const observers = this.#seen.get(what) ?? new Set();
    this.#seen.set(what, observers.add(observer));
    for (const waiting of this.#waiting) {
      waiting.missing.delete(`${what} ${observer}`);
      if (waiting.missing.size > 0) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(at);
    }
  }

  forget(sight: Sight, member: string): void {
    this.#seen.delete(`${sight} ${member}`);
  }

  /**
   * Waits until all of the observers have seen it of all of the members.
   *
   * @returns when the last one saw it, by `performance.now()`
   * @throws {Error} when that has not happened by the deadline
   */
  async all(
    sight: Sight,
    members: readonly string[],
    observers: readonly string[],
    deadlineMs: number,
  ): Promise<number> {
    const missing = new Set<string>();
    for (const what of members.map((member) => `${sight} ${member}`)) {
      for (const observer of observers) {
        if (this.#seen.get(what)?.has(observer) !== true) missing.add(`${what} ${observer}`);
      }
    }
    if (missing.size === 0) return performance.now();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        missing,
        resolve: (at) => {
          clearTimeout(overdue);
          resolve(at);
        },
      };
      const overdue = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new Error(`${missing.size} sights '${sight}' are missing after ${deadlineMs} ms`));
      }, deadlineMs);
      this.#waiting.add(waiting);
    });
  }
}
