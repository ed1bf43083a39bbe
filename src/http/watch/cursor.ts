import type { WatchView } from './view.ts';
import type { EndReason } from './watch-event.ts';

/** Where one watcher is in its view. It holds a position and no events, so a watcher that does not read costs no memory. */
export class WatchCursor {
  readonly #view: WatchView;
  #list: { readonly frames: readonly Buffer[]; next: number } | undefined;
  /** The number of the last change that the watcher was told of, or that its view does not show. */
  #position: number;
  #bookmarkDue: boolean;
  #told = 0;

  /** @param resumeAt the last change that the client knows of; without it the client is told the whole list first */
  constructor(view: WatchView, resumeAt: number | undefined) {
    this.#view = view;
    const list = resumeAt === undefined ? view.list() : undefined;
    this.#list = list === undefined ? undefined : { frames: list.frames, next: 0 };
    this.#position = list?.sequence ?? resumeAt ?? 0;
    // Tells a client that resumes when it has been told everything.
    this.#bookmarkDue = resumeAt !== undefined;
  }

  /** Changes that the watcher has not been told of are gone from the journal. */
  get isLost(): boolean {
    return !this.#view.feed.reachesBackTo(this.#position);
  }

  /** There is nothing more to tell at present. */
  get isAtEnd(): boolean {
    return this.#list === undefined && this.#position === this.#view.feed.sequence && !this.#bookmarkDue;
  }

  /** How many events the watcher has taken. */
  get told(): number {
    return this.#told;
  }

  /** Has the watcher told that it lives, once it has been told all else. */
  bookmark(): void {
    this.#bookmarkDue = true;
  }

  /** The next event; undefined when there is none at present. */
  next(): Buffer | undefined {
    const event = this.#nextOfList() ?? this.#nextChange() ?? this.#dueBookmark();
    if (event !== undefined) this.#told += 1;
    return event;
  }

  /** The event that ends the watch here. Within the list there is no point to resume at. */
  ended(reason: EndReason): Buffer {
    return this.#view.ended(reason, this.#list === undefined ? this.#position : undefined);
  }

  #nextOfList(): Buffer | undefined {
    if (this.#list === undefined) return undefined;
    const frame = this.#list.frames[this.#list.next];
    this.#list.next += 1;
    if (this.#list.next >= this.#list.frames.length) this.#list = undefined;
    return frame;
  }

  #nextChange(): Buffer | undefined {
    const { feed } = this.#view;
    for (;;) {
      const change = feed.change(this.#position + 1);
      if (change === undefined) return undefined;
      this.#position = change.sequence;
      const frame = this.#view.change(change);
      if (frame !== undefined) return frame;
    }
  }

  #dueBookmark(): Buffer | undefined {
    if (!this.#bookmarkDue || this.isLost) return undefined;
    this.#bookmarkDue = false;
    return this.#view.bookmark(this.#position);
  }
}
