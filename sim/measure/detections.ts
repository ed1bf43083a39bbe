import type { PeerState } from '../../src/store/record.ts';
import type { DetectionData, Discovery } from './run-data.ts';
import { rounded, summarize } from './summary.ts';
import type { Watched } from './watched.ts';

/** So many single times are kept over all crashes; of later crashes only the summaries. */
const KEPT_TIMES = 200_000;

/** Who is yet to show a state, and when those did that have. */
class Finding {
  readonly awaited: Set<Watched>;
  readonly after: number[] = [];
  #last: Watched | undefined;

  constructor(awaited: Iterable<Watched>) {
    this.awaited = new Set(awaited);
  }

  found(observer: Watched, after: number): void {
    if (!this.awaited.delete(observer)) return;
    this.after.push(rounded(after));
    this.#last = observer;
  }

  data(keep: boolean): Discovery {
    const { awaited, after } = this;
    return {
      missed: awaited.size,
      afterMs: keep ? after.toSorted((a, b) => a - b) : [],
      summary: summarize(after),
      last: this.#last?.host.name ?? null,
    };
  }
}

interface Crash {
  readonly crashed: Watched;
  readonly at: number;
  readonly suspected: Finding;
  readonly dead: Finding;
  returned: number | undefined;
}

/** Follows each crash until all who were there show it. Who showed the member so already when it crashed took no time. */
export class Detections {
  readonly #all: Crash[] = [];
  /** The crash that is being found out, by member. */
  readonly #open = new Map<number, Crash>();

  /** @param observers the live nodes that show the member, and how */
  crashed(crashed: Watched, at: number, observers: ReadonlyMap<Watched, PeerState>): void {
    const crash: Crash = {
      crashed,
      at,
      suspected: new Finding(observers.keys()),
      dead: new Finding(observers.keys()),
      returned: undefined,
    };
    this.#all.push(crash);
    this.#open.set(crashed.member, crash);
    for (const [observer, state] of observers) if (state !== 'HEALTHY') this.shown(observer, crashed.member, state, at);
  }

  /** A node shows a member in another way now. One that it no longer shows counts as dead. */
  shown(observer: Watched, member: number, state: PeerState | undefined, at: number): void {
    const crash = this.#open.get(member);
    if (crash === undefined || state === 'HEALTHY') return;
    crash.suspected.found(observer, at - crash.at);
    if (state !== 'SUSPECTED_DEAD') crash.dead.found(observer, at - crash.at);
    if (crash.dead.awaited.size === 0) this.#open.delete(member);
  }

  /** The member runs again. */
  returned(member: number, at: number): void {
    const crash = this.#open.get(member);
    if (crash === undefined) return;
    crash.returned = at - crash.at;
    crash.suspected.awaited.clear();
    crash.dead.awaited.clear();
    this.#open.delete(member);
  }

  /** A node's life is over: it finds out nothing more. */
  ended(observer: Watched): void {
    for (const { suspected, dead } of this.#open.values()) {
      suspected.awaited.delete(observer);
      dead.awaited.delete(observer);
    }
  }

  finish(): readonly DetectionData[] {
    let kept = 0;
    return this.#all.map(({ crashed, at, suspected, dead, returned }) => {
      const times = suspected.after.length + dead.after.length;
      const keep = kept + times <= KEPT_TIMES;
      if (keep) kept += times;
      return {
        member: crashed.host.id,
        at: rounded(at),
        returnedMs: returned === undefined ? null : rounded(returned),
        observers: suspected.after.length + suspected.awaited.size,
        suspected: suspected.data(keep),
        dead: dead.data(keep),
      };
    });
  }
}
