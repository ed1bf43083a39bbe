import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import type { UnixMillis } from '../../../base/brands.ts';
import { HttpError } from '../../errors.ts';
import { parseMemberQuery } from '../../member-query.ts';
import { WatchCursor } from '../cursor.ts';
import type { WatchHub } from '../hub.ts';
import type { WatchViews } from '../views.ts';
import type { EndReason } from '../watch-event.ts';
import { Channel } from './channel.ts';
import { type ClientMessage, readClientMessage } from './client-message.ts';
import { encodePayload, envelope, envelopeHead, type ServerMessageType } from './envelope.ts';
import { MessageBudget } from './message-budget.ts';

/** Channels of one connection at the most. */
const MAX_CHANNELS = 1_024;
/** Bytes that may wait for the client to read. Beyond it no event is taken; they wait in the journal, which all watchers share. */
const BUFFER_BYTES = 64 << 10;
/** Answers that may wait beside them, for a client that asks and does not read. */
const MAX_BUFFER_BYTES = 4 * BUFFER_BYTES;
/** How long a client may take to close its side before the connection is broken off. */
const FAREWELL_MS = { slow: 5_000, other: 1_000 };

/** Not one: when this process was stopped for a while, its first look comes before the answer that has long arrived. */
const MAX_UNANSWERED = 2;

/** Close codes (RFC 6455, section 7.4.1). */
const CLOSE = { goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;

export interface SessionOptions {
  readonly socket: WebSocket;
  /** The connection beneath it. */
  readonly connection: Socket;
  readonly hub: WatchHub;
  readonly views: WatchViews;
  readonly now: () => UnixMillis;
}

/** One WebSocket connection with its channels. */
export class Session {
  readonly id = randomUUID();
  readonly #options: SessionOptions;
  readonly #socket: WebSocket;
  readonly #budget = new MessageBudget(() => performance.now());
  readonly #channels = new Map<string, Channel>();
  /** Channels that have something to tell and wait for the client to read. */
  readonly #waiting = new Set<Channel>();
  /** Pings since the client was last heard. */
  #unanswered = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.#socket.on('message', (data, isBinary) => {
      this.#receive(Buffer.isBuffer(data) && !isBinary ? data.toString('utf8') : '');
    });
    this.#socket.on('pong', () => {
      this.#unanswered = 0;
    });
    // What breaks also closes.
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => {
      for (const channel of this.#channels.values()) this.#drop(channel, 'client');
    });
  }

  /** Sends what a channel has to tell, as far as the client reads. */
  wake(channel: Channel): void {
    while (this.#socket.bufferedAmount < BUFFER_BYTES) {
      const payload = channel.cursor.next();
      if (payload === undefined) {
        this.#waiting.delete(channel);
        return;
      }
      this.#send(channel.head, payload);
    }
    this.#waiting.add(channel);
  }

  /** Ends a channel with a last event. The connection of a client that does not read ends with it. */
  end(channel: Channel, reason: EndReason): void {
    this.#send(channel.head, channel.cursor.ended(reason));
    this.#drop(channel, reason);
    if (reason === 'slow_reader') this.#cut();
  }

  /** Checks that the client is there, by a ping that every WebSocket answers by itself; one that did not answer two is cut off. */
  probe(): void {
    if (this.#unanswered >= MAX_UNANSWERED) {
      this.#socket.terminate();
      return;
    }
    this.#unanswered += 1;
    this.#socket.ping();
  }

  /** The node stops. */
  goAway(): void {
    this.#close(CLOSE.goingAway, 'shutdown');
  }

  /** @param text empty for a message that is no text, which is no JSON either */
  #receive(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!this.#budget.take()) {
      this.#close(CLOSE.policy, 'too many messages');
      return;
    }
    const read = readClientMessage(text);
    if (!read.ok) this.#complain(undefined, 'BAD_MESSAGE', read.error);
    else this.#obey(read.value);
  }

  #obey(message: ClientMessage): void {
    switch (message.type) {
      case 'subscribe':
        this.#subscribe(message);
        break;
      case 'unsubscribe':
        this.#unsubscribe(message.channel);
        break;
      case 'ping':
        this.#answer('pong', undefined, message.payload ?? {});
        break;
      case 'pong':
        this.#unanswered = 0;
        break;
    }
  }

  #subscribe({ channel: name, payload }: Extract<ClientMessage, { type: 'subscribe' }>): void {
    const { hub, views } = this.#options;
    if (this.#channels.has(name)) return this.#complain(name, 'CHANNEL_IN_USE', 'this channel is subscribed already');
    if (this.#channels.size >= MAX_CHANNELS) {
      return this.#complain(name, 'TOO_MANY_CHANNELS', `a connection has at most ${MAX_CHANNELS} channels`);
    }
    try {
      const query = parseMemberQuery(payload);
      const admission = hub.admit(payload.resumeFrom);
      this.#answer('subscribe', name, {});
      if ('refused' in admission) {
        const refused = encodePayload({ type: 'ENDED', reason: admission.refused });
        return this.#send(envelopeHead('resource_watch', this.id, name), refused);
      }
      const { view, release } = views.take(query);
      const channel = new Channel(this, name, new WatchCursor(view, admission.resumeAt), release);
      this.#channels.set(name, channel);
      hub.add(channel);
      this.wake(channel);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.#complain(name, error.code, error.message);
    }
  }

  #unsubscribe(name: string): void {
    const channel = this.#channels.get(name);
    if (channel === undefined) return this.#complain(name, 'NO_SUCH_CHANNEL', 'this channel is not subscribed');
    this.#drop(channel, 'client');
    this.#answer('unsubscribe', name, {});
  }

  #drop(channel: Channel, reason: EndReason | 'client'): void {
    this.#channels.delete(channel.name);
    this.#waiting.delete(channel);
    channel.release();
    this.#options.hub.remove(channel, reason);
  }

  /** One channel that is not read means that none is: they share the connection. */
  #cut(): void {
    for (const channel of this.#channels.values()) {
      this.#send(channel.head, channel.cursor.ended('slow_reader'));
      this.#drop(channel, 'slow_reader');
    }
    this.#close(CLOSE.tryAgainLater, 'slow reader', FAREWELL_MS.slow);
  }

  #complain(channel: string | undefined, code: string, message: string): void {
    this.#answer('error', channel, { code, message });
  }

  #answer(type: ServerMessageType, channel: string | undefined, payload: unknown): void {
    if (this.#socket.bufferedAmount > MAX_BUFFER_BYTES) return this.#cut();
    this.#send(envelopeHead(type, this.id, channel), Buffer.from(JSON.stringify(payload)));
  }

  #send(head: Buffer, payload: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#gather();
    const timestamp = new Date(this.#options.now()).toISOString();
    this.#socket.send(envelope(head, payload, timestamp), { binary: false }, () => this.#wakeWaiting());
  }

  /** What is sent within one turn of the event loop goes out in one write. */
  #gather(): void {
    const { connection } = this.#options;
    if (connection.writableCorked > 0) return;
    connection.cork();
    process.nextTick(() => connection.uncork());
  }

  #wakeWaiting(): void {
    for (const channel of this.#waiting) {
      if (this.#socket.bufferedAmount >= BUFFER_BYTES) return;
      this.wake(channel);
    }
  }

  #close(code: number, reason: string, farewellMs = FAREWELL_MS.other): void {
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), farewellMs).unref();
  }
}
