import type { WatchCursor } from '../cursor.ts';
import type { Watcher } from '../hub.ts';
import type { EndReason } from '../watch-event.ts';
import { envelopeHead } from './envelope.ts';

/** The connection that a channel shares with others. */
interface ChannelHost {
  readonly id: string;
  wake(channel: Channel): void;
  end(channel: Channel, reason: EndReason): void;
}

/** One watch among those of a session. */
export class Channel implements Watcher {
  readonly transport = 'websocket';
  readonly name: string;
  readonly cursor: WatchCursor;
  /** The beginning of all its messages. */
  readonly head: Buffer;
  /** Lets go of its view. */
  readonly release: () => void;
  readonly #host: ChannelHost;

  constructor(host: ChannelHost, name: string, cursor: WatchCursor, release: () => void) {
    this.name = name;
    this.cursor = cursor;
    this.head = envelopeHead('resource_watch', host.id, name);
    this.release = release;
    this.#host = host;
  }

  wake(): void {
    this.#host.wake(this);
  }

  end(reason: EndReason): void {
    this.#host.end(this, reason);
  }
}
