import type { StateData, StateRun } from './run-data.ts';
import { rounded } from './summary.ts';
import type { Tally, Views } from './views.ts';

/** A report shows a run in about so many steps. */
const BUCKETS = 200;

/** How members are shown, looked at once a tick; kept are the changes. */
export class States {
  readonly #tickMs: number;
  /** By member: from which tick on it was shown how. */
  readonly #looks: { readonly tick: number; readonly tally: Tally }[][] = [];
  #ticks = 0;

  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  /** A tick is over: looks at those of whom something changed in it. */
  look(views: Views): void {
    for (const member of views.takeTouched()) {
      const looks = this.#looks[member] ?? [];
      this.#looks[member] = looks;
      const [absent, healthy, suspected, dead] = views.tally(member);
      looks.push({ tick: this.#ticks, tally: [absent, healthy, suspected, dead] });
    }
    this.#ticks += 1;
  }

  finish(): StateData {
    const perBucket = Math.max(1, Math.ceil(this.#ticks / BUCKETS));
    const buckets = Math.ceil(this.#ticks / perBucket);
    return {
      bucketMs: perBucket * this.#tickMs,
      buckets,
      members: this.#looks.map((looks) => this.#runs(looks, perBucket, buckets)),
    };
  }

  /** A bucket shows the mean of its ticks, so that what was there for a moment shows a little. */
  #runs(looks: readonly { readonly tick: number; readonly tally: Tally }[], perBucket: number, buckets: number) {
    const runs: StateRun[] = [];
    let next = 0;
    let tally: Tally = [0, 0, 0, 0];
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const end = Math.min((bucket + 1) * perBucket, this.#ticks);
      const sums = [0, 0, 0];
      for (let tick = bucket * perBucket; tick < end; tick += 1) {
        for (let look = looks[next]; look !== undefined && look.tick <= tick; look = looks[next]) {
          tally = look.tally;
          next += 1;
        }
        const [absent, ...shown] = tally;
        const observers = absent + shown[0] + shown[1] + shown[2];
        for (const [state, count] of shown.entries()) sums[state] = (sums[state] ?? 0) + count / Math.max(observers, 1);
      }
      const [healthy, suspected, dead] = sums.map((sum) => rounded(sum / (end - bucket * perBucket), 3));
      const run: StateRun = [bucket, healthy ?? 0, suspected ?? 0, dead ?? 0];
      const last = runs.at(-1);
      if (last === undefined || last.some((share, at) => at > 0 && share !== run[at])) runs.push(run);
    }
    return runs;
  }
}
