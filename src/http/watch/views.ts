import type { UnixMillis } from '../../base/brands.ts';
import { type MemberQuery, queryKey } from '../member-query.ts';
import type { ChangeFeed } from './change-feed.ts';
import { SharedFrames } from './shared-frames.ts';
import { WatchView } from './view.ts';
import type { EncodeEvent } from './watch-event.ts';

/** The views of one transport that somebody watches, one for each query. */
export class WatchViews {
  readonly frames: SharedFrames;
  readonly #feed: ChangeFeed;
  readonly #now: () => UnixMillis;
  readonly #held = new Map<string, { readonly view: WatchView; holders: number }>();

  constructor(feed: ChangeFeed, encode: EncodeEvent, now: () => UnixMillis) {
    this.frames = new SharedFrames(encode);
    this.#feed = feed;
    this.#now = now;
  }

  /** The view of a query. It is kept until all who took it have called `release`. */
  take(query: MemberQuery): { readonly view: WatchView; readonly release: () => void } {
    const key = queryKey(query);
    const held = this.#held.get(key) ?? {
      view: new WatchView(this.#feed, query, this.frames, this.#now),
      holders: 0,
    };
    held.holders += 1;
    this.#held.set(key, held);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      held.holders -= 1;
      if (held.holders === 0) this.#held.delete(key);
    };
    return { view: held.view, release };
  }
}
