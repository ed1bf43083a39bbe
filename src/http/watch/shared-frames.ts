import type { MemberChange } from './change-feed.ts';
import type { ChangeType, EncodeEvent } from './watch-event.ts';

/** The changes as bytes of one transport, each made once for each type and shared by all watchers. */
export class SharedFrames {
  readonly encode: EncodeEvent;
  readonly #frames = new WeakMap<MemberChange, Map<ChangeType, Buffer>>();

  constructor(encode: EncodeEvent) {
    this.encode = encode;
  }

  /** The frame of a change; undefined for one without any member. */
  of(change: MemberChange, type: ChangeType, id: string): Buffer | undefined {
    const made = this.#frames.get(change) ?? new Map<ChangeType, Buffer>();
    const known = made.get(type);
    if (known !== undefined) return known;
    const member = change.after ?? change.before;
    if (member === undefined) return undefined;
    const frame = this.encode({ type, member }, id);
    this.#frames.set(change, made.set(type, frame));
    return frame;
  }
}
