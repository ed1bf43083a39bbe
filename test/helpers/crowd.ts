import { Agent, get } from 'node:http';
import { MEMBERLIST } from './agent-process.ts';
import { WatchSocket } from './watch-socket.ts';

/** The numbers that one watcher was told, checked as they come: each must follow the one before. */
export class Sequence {
  last = 0;
  isSynced = false;
  /** What was out of order, twice, missing or unexpected. */
  readonly wrong: string[] = [];

  /** Takes the text of an event of a member whose label `n` is the number. */
  take(event: string): void {
    if (event.includes('"SYNCED"')) {
      this.isSynced = true;
    } else if (event.includes('"MODIFIED"')) {
      const number = Number(/"n":"(\d+)"/.exec(event)?.[1]);
      if (number !== this.last + 1) this.wrong.push(`${number} after ${this.last}`);
      this.last = number;
    } else if (!event.includes('"ADDED"') && !event.includes('"BOOKMARK"')) {
      this.wrong.push(event);
    }
  }
}

/** Many who watch one agent, over both transports. */
export class Crowd {
  readonly sequences: Sequence[] = [];
  readonly #agent = new Agent({ keepAlive: false });
  readonly #sockets: WatchSocket[] = [];
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** Adds watchers by server-sent events, a connection each. */
  addStreams(count: number): void {
    for (let index = 0; index < count; index += 1) this.#addStream();
  }

  /** Adds watchers by WebSocket, so many on each connection. */
  async addChannels(connections: number, channels: number): Promise<void> {
    for (let index = 0; index < connections; index += 1) {
      const socket = new WatchSocket(this.#address);
      this.#sockets.push(socket);
      await socket.open();
      const sequences = new Map<string, Sequence>();
      socket.socket.removeAllListeners('message');
      socket.socket.on('message', (data: Buffer) => {
        const text = data.toString('latin1');
        if (!text.startsWith('{"type":"resource_watch"')) return;
        sequences.get(/"channel":"([^"]+)"/.exec(text)?.[1] ?? '')?.take(text);
      });
      for (let channel = 0; channel < channels; channel += 1) {
        const sequence = new Sequence();
        sequences.set(`watch:${channel}`, sequence);
        this.sequences.push(sequence);
        socket.subscribe(`watch:${channel}`);
      }
    }
  }

  /** How many watchers were told everything up to a number. */
  at(number: number): number {
    return this.sequences.filter(({ isSynced, last }) => isSynced && last >= number).length;
  }

  close(): void {
    this.#agent.destroy();
    for (const { socket } of this.#sockets) socket.terminate();
  }

  #addStream(): void {
    const sequence = new Sequence();
    this.sequences.push(sequence);
    const headers = { accept: 'text/event-stream' };
    const request = get(
      `http://${this.#address}${MEMBERLIST}?watch=true`,
      { agent: this.#agent, headers },
      (answer) => {
        let partial = '';
        answer.setEncoding('latin1');
        answer.on('error', () => undefined);
        answer.on('data', (text: string) => {
          const events = `${partial}${text}`.split('\n\n');
          partial = events.pop() ?? '';
          for (const event of events) if (!event.startsWith('retry:')) sequence.take(event);
        });
      },
    );
    request.on('error', (error) => sequence.wrong.push(error.message));
  }
}
