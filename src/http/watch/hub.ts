import type { Metrics } from '../../observability/metrics.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { WatchCursor } from './cursor.ts';
import { parseResumeId } from './resume-id.ts';
import type { EndReason } from './watch-event.ts';

/** How watchers are connected. */
export type Transport = 'sse' | 'websocket';

/** One who watches, over whatever transport. */
export interface Watcher {
  readonly transport: Transport;
  readonly cursor: WatchCursor;
  /** The cursor may have something new. */
  wake(): void;
  /** Tells the last event, even to a client that does not read, and lets go. Ends in {@link WatchHub.remove}. */
  end(reason: EndReason): void;
}

/** Between two bookmarks; proxies commonly close what is silent for 30 s to 60 s. */
const HEARTBEAT_MS = 15_000;
/** Watchers that are woken before gossip and other requests have their turn again. */
const SLICE = 128;
/** Watchers at the most. Each has some tens of KiB of buffers when it does not read. */
const MAX_WATCHERS = 4_096;

export interface WatchHubOptions {
  readonly feed: ChangeFeed;
  readonly metrics: Metrics;
  /** For tests. */
  readonly heartbeatMs?: number;
  /** For tests. */
  readonly maxWatchers?: number;
}

/** Who watches: wakes them when there is something new, keeps their connections alive, and ends those that do not keep up. */
export class WatchHub {
  readonly #feed: ChangeFeed;
  readonly #metrics: Metrics;
  readonly #maxWatchers: number;
  /** With what each had taken at the last heartbeat, if it had something left to take then. */
  readonly #watchers = new Map<Watcher, number | undefined>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  /** Who is still to be woken of those whom a change concerns; undefined between two rounds. */
  #round: Iterator<Watcher> | undefined;
  /** Something has changed since the round began. */
  #isStale = false;
  #slice: NodeJS.Immediate | undefined;
  #ended = false;

  constructor({ feed, metrics, heartbeatMs = HEARTBEAT_MS, maxWatchers = MAX_WATCHERS }: WatchHubOptions) {
    this.#feed = feed;
    this.#metrics = metrics;
    this.#maxWatchers = maxWatchers;
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
    this.#unsubscribe = feed.subscribe(() => this.#wakeSoon());
  }

  /**
   * Where a new watcher begins: after the change that its client saw last, or with the whole list.
   *
   * @param lastEventId as the client gives it; empty or undefined for none
   * @returns why nobody can watch from there; that is counted
   */
  admit(lastEventId: string | undefined): { readonly resumeAt?: number } | { readonly refused: EndReason } {
    const refusal = this.#refusal(lastEventId);
    if (refusal !== undefined) {
      this.#metrics.watchesEnded.inc({ reason: refusal });
      return { refused: refusal };
    }
    const point = parseResumeId(lastEventId ?? '');
    return point === undefined ? {} : { resumeAt: point.sequence };
  }

  add(watcher: Watcher): void {
    this.#watchers.set(watcher, undefined);
    this.#metrics.watchers.inc({ transport: watcher.transport });
  }

  /** A watcher has ended, or its client has gone. May be called again. */
  remove(watcher: Watcher, reason: EndReason | 'client'): void {
    if (!this.#watchers.delete(watcher)) return;
    this.#metrics.watchers.dec({ transport: watcher.transport });
    this.#metrics.watchesEnded.inc({ reason });
  }

  /** Ends all watches, now and from now on, because the node stops. */
  end(): void {
    this.#ended = true;
    this.#unsubscribe();
    clearInterval(this.#heartbeat);
    clearImmediate(this.#slice);
    for (const watcher of this.#watchers.keys()) {
      watcher.wake();
      watcher.end('shutdown');
    }
  }

  #refusal(lastEventId: string | undefined): EndReason | undefined {
    if (this.#ended) return 'shutdown';
    if (this.#watchers.size >= this.#maxWatchers) return 'too_many_watchers';
    if (lastEventId === undefined || lastEventId === '') return undefined;
    const point = parseResumeId(lastEventId);
    const known = point?.epoch === this.#feed.epoch && this.#feed.reachesBackTo(point.sequence);
    return known ? undefined : 'resume_impossible';
  }

  /** Wakes everybody, a slice at a time; what changes meanwhile goes out with the next round, so that a burst takes few writes. */
  #wakeSoon(): void {
    this.#isStale = true;
    this.#slice ??= setImmediate(() => this.#wakeSlice());
  }

  #wakeSlice(): void {
    this.#slice = undefined;
    if (this.#round === undefined) {
      this.#isStale = false;
      this.#round = this.#watchers.keys();
    }
    for (let count = 0; count < SLICE; count += 1) {
      const next = this.#round.next();
      if (next.done === true) {
        this.#round = undefined;
        if (this.#isStale) this.#wakeSoon();
        return;
      }
      if (next.value.cursor.isLost) next.value.end('slow_reader');
      else next.value.wake();
    }
    this.#slice = setImmediate(() => this.#wakeSlice());
  }

  /** Who had something to take at the last heartbeat and has taken nothing since does not read. */
  #beat(): void {
    for (const [watcher, toldBefore] of this.#watchers) {
      const { cursor } = watcher;
      if (!cursor.isAtEnd && cursor.told === toldBefore) {
        watcher.end('slow_reader');
        continue;
      }
      cursor.bookmark();
      watcher.wake();
      this.#watchers.set(watcher, cursor.isAtEnd ? undefined : cursor.told);
    }
  }
}
