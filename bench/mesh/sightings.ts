/** What an agent shows of a member that it did not show before. */
export type Sight = 'appeared' | 'updated' | 'dead' | 'left';

interface Waiting {
  readonly isSo: () => boolean;
  readonly resolve: (at: number) => void;
}

/** Who has seen what, of all agents of a mesh. */
export class Sightings {
  readonly #seen = new Map<string, Set<string>>();
  #waiting: readonly Waiting[] = [];

  saw(observer: string, sight: Sight, member: string): void {
    const observers = this.#seen.get(`${sight} ${member}`) ?? new Set();
    this.#seen.set(`${sight} ${member}`, observers.add(observer));
    const at = performance.now();
    const fulfilled = this.#waiting.filter(({ isSo }) => isSo());
    this.#waiting = this.#waiting.filter((waiting) => !fulfilled.includes(waiting));
    for (const { resolve } of fulfilled) resolve(at);
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
    const missing = (): number =>
      members
        .flatMap((member) => observers.map((observer) => this.#seen.get(`${sight} ${member}`)?.has(observer) === true))
        .filter((seen) => !seen).length;
    if (missing() === 0) return performance.now();
    return new Promise((resolve, reject) => {
      const overdue = setTimeout(
        () => reject(new Error(`${missing()} sights '${sight}' are missing after ${deadlineMs} ms`)),
        deadlineMs,
      );
      this.#waiting = [
        ...this.#waiting,
        {
          isSo: () => missing() === 0,
          resolve: (at) => {
            clearTimeout(overdue);
            resolve(at);
          },
        },
      ];
    });
  }
}
