import type { UnixMillis } from '../../base/brands.ts';
import { RESOLUTION_MS } from '../etag.ts';
import { type MemberQuery, matches, matching } from '../member-query.ts';
import type { ChangeFeed, MemberChange } from './change-feed.ts';
import { formatResumeId } from './resume-id.ts';
import type { SharedFrames } from './shared-frames.ts';
import type { ChangeType, EndReason } from './watch-event.ts';

/** The members of one moment as a watcher is told them. */
export interface InitialList {
  /** The number of the last change before that moment. */
  readonly sequence: number;
  /** An ADDED for each member, then SYNCED. */
  readonly frames: readonly Buffer[];
}

/** What one query shows of the feed, as bytes of one transport. Watchers with the same query share it. */
export class WatchView {
  readonly feed: ChangeFeed;
  readonly #query: MemberQuery;
  readonly #frames: SharedFrames;
  readonly #now: () => UnixMillis;
  #list: (InitialList & { readonly second: number }) | undefined;

  constructor(feed: ChangeFeed, query: MemberQuery, frames: SharedFrames, now: () => UnixMillis) {
    this.feed = feed;
    this.#query = query;
    this.#frames = frames;
    this.#now = now;
  }

  /**
   * The members at present, made at most once for each change and second. The ADDED of a list carry no id: a client that breaks off
   * within the list must not resume from there.
   */
  list(): InitialList {
    const { sequence } = this.feed;
    const second = Math.floor(this.#now() / RESOLUTION_MS);
    if (this.#list?.sequence !== sequence || this.#list.second !== second) {
      const members = matching(this.feed.members(), this.#query);
      const frames = members.map((member) => this.#frames.encode({ type: 'ADDED', member }));
      frames.push(this.#frames.encode({ type: 'SYNCED', count: members.length }, this.#id(sequence)));
      this.#list = { sequence, second, frames };
    }
    return this.#list;
  }

  /** A change as this view shows it; undefined when it shows nothing of it. */
  change(change: MemberChange): Buffer | undefined {
    const type = this.#typeOf(change);
    return type === undefined ? undefined : this.#frames.of(change, type, this.#id(change.sequence));
  }

  bookmark(sequence: number): Buffer {
    return this.#frames.encode({ type: 'BOOKMARK' }, this.#id(sequence));
  }

  /** The last event of a watcher that may resume after `sequence`, or can not resume. */
  ended(reason: EndReason, sequence: number | undefined): Buffer {
    return this.#frames.encode({ type: 'ENDED', reason }, sequence === undefined ? undefined : this.#id(sequence));
  }

  #typeOf({ before, after }: MemberChange): ChangeType | undefined {
    const was = before !== undefined && matches(before, this.#query);
    const is = after !== undefined && matches(after, this.#query);
    if (is) return was ? 'MODIFIED' : 'ADDED';
    return was ? 'DELETED' : undefined;
  }

  #id(sequence: number): string {
    return formatResumeId({ epoch: this.feed.epoch, sequence });
  }
}
