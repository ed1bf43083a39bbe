import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

/** A message of the server. */
export interface ServerMessage {
  readonly type: string;
  readonly sessionID: string;
  readonly channel?: string;
  readonly payload: {
    readonly type?: string;
    readonly id?: string;
    readonly member?: { readonly id: string; readonly version: number };
    readonly count?: number;
    readonly reason?: string;
    readonly code?: string;
    readonly message?: string;
  };
  readonly timestamp: string;
}

/** A client of `/ws`. */
export class WatchSocket {
  readonly messages: ServerMessage[] = [];
  closeCode: number | undefined;
  readonly socket: WebSocket;

  constructor(address: string) {
    this.socket = new WebSocket(`ws://${address}/ws`);
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString('utf8')) as ServerMessage);
    });
    this.socket.once('close', (code) => {
      this.closeCode = code;
    });
  }

  async open(): Promise<this> {
    await eventually({
      what: 'the socket is open',
      deadlineMs: 10_000,
      read: () => this.socket.readyState,
      until: (state) => state === WebSocket.OPEN,
    });
    return this;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(channel: string, payload: object = {}): void {
    this.send({ type: 'subscribe', channel, payload });
  }

  /** The events of one channel in short: `ADDED a`, `SYNCED 2`, `ENDED shutdown`. */
  told(channel: string): readonly string[] {
    const events = this.messages.filter((message) => message.type === 'resource_watch' && message.channel === channel);
    return events.map(({ payload: { type, member, count, reason } }) =>
      [type, member?.id ?? count ?? reason].filter((part) => part !== undefined).join(' '),
    );
  }

  /** Waits until a channel was told as many events, and gives them in short. */
  async toldBy(channel: string, count: number): Promise<readonly string[]> {
    await eventually({
      what: `${count} events on ${channel}`,
      deadlineMs: 5_000,
      read: () => this.told(channel),
      until: (told) => told.length >= count,
    });
    return this.told(channel);
  }

  /** Waits for the message with this number, and gives it. */
  async message(index: number): Promise<ServerMessage | undefined> {
    await eventually({
      what: `message ${index}`,
      deadlineMs: 5_000,
      read: () => this.messages.length,
      until: (count) => count > index,
    });
    return this.messages[index];
  }
}
