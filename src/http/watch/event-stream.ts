import { Readable } from 'node:stream';
import type { WatchCursor } from './cursor.ts';
import type { Watcher, WatchHub } from './hub.ts';
import type { EndReason } from './watch-event.ts';

/** Events that are taken together, in bytes. More wait in the journal, which all watchers share. */
const BATCH_BYTES = 16 << 10;
/** How long the last event may take to get to a client that has stopped reading, before its connection is broken off. */
const FAREWELL_MS = 5_000;

/** A cursor's events as a stream. It reads on only as fast as the client takes them. */
export class EventStream extends Readable implements Watcher {
  readonly transport = 'sse';
  readonly cursor: WatchCursor;
  readonly #hub: WatchHub;
  readonly #release: () => void;
  /** Whoever reads this stream has asked for more and got nothing yet. */
  #wanted = false;
  #farewell: NodeJS.Timeout | undefined;

  /**
   * @param preamble what comes before the first event
   * @param release is called once nothing more is taken from the cursor
   */
  constructor(hub: WatchHub, cursor: WatchCursor, preamble: Buffer, release: () => void) {
    super({ highWaterMark: BATCH_BYTES });
    this.cursor = cursor;
    this.#hub = hub;
    this.#release = release;
    this.push(preamble);
    hub.add(this);
  }

  override _read(): void {
    this.#wanted = true;
    this.wake();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#farewell);
    this.#release();
    this.#hub.remove(this, 'client');
    done(error);
  }

  wake(): void {
    if (!this.#wanted) return;
    const batch = nextBatch(this.cursor);
    if (batch === undefined) return;
    this.#wanted = false;
    this.push(batch);
  }

  end(reason: EndReason): void {
    this.#hub.remove(this, reason);
    this.#wanted = false;
    this.push(this.cursor.ended(reason));
    this.push(null);
    this.#farewell = setTimeout(() => this.destroy(), FAREWELL_MS).unref();
  }
}

function nextBatch(cursor: WatchCursor): Buffer | undefined {
  const frames: Buffer[] = [];
  for (let bytes = 0; bytes < BATCH_BYTES; ) {
    const frame = cursor.next();
    if (frame === undefined) break;
    frames.push(frame);
    bytes += frame.length;
  }
  return frames.length > 1 ? Buffer.concat(frames) : frames[0];
}
