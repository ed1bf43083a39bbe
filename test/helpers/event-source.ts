import { type ClientRequest, get, type IncomingMessage } from 'node:http';

/** One event as it came. */
export interface ReceivedEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: {
    readonly type: string;
    readonly member?: { readonly id: string; readonly [field: string]: unknown };
    readonly count?: number;
    readonly reason?: string;
  };
}

/** A reader of server-sent events over one connection. It keeps the last event id as an EventSource does. */
export class EventSourceClient {
  readonly events: ReceivedEvent[] = [];
  /** As the HTML standard has it: an event without an id leaves it, an empty id clears it. */
  lastEventId = '';
  retryMs: number | undefined;
  ended = false;
  readonly #request: ClientRequest;
  readonly #response: Promise<IncomingMessage>;
  #partial = '';

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
    this.#response = new Promise((resolve, reject) => {
      this.#request.once('error', reject);
      this.#request.once('response', (response) => {
        response.setEncoding('utf8');
        response.on('data', (text: string) => this.#take(text));
        response.on('error', () => undefined);
        response.once('close', () => {
          this.ended = true;
        });
        resolve(response);
      });
    });
    this.#request.on('error', () => undefined);
    this.#response.catch(() => undefined);
  }

  async response(): Promise<IncomingMessage> {
    return this.#response;
  }

  /** Stops reading, so that the server's writes fill up. */
  async pause(): Promise<void> {
    (await this.#response).pause();
  }

  async resume(): Promise<void> {
    (await this.#response).resume();
  }

  close(): void {
    this.#request.destroy();
  }

  /** The events in short: `ADDED a`, `SYNCED 2`, `BOOKMARK`, `ENDED shutdown`. */
  told(): readonly string[] {
    return this.events.map(({ data: { type, member, count, reason } }) =>
      [type, member?.id ?? count ?? reason].filter((part) => part !== undefined).join(' '),
    );
  }

  #take(text: string): void {
    const blocks = `${this.#partial}${text}`.split('\n\n');
    this.#partial = blocks.pop() ?? '';
    for (const block of blocks) this.#takeBlock(new Map(block.split('\n').map(field)));
  }

  #takeBlock(fields: ReadonlyMap<string, string>): void {
    const retry = fields.get('retry');
    if (retry !== undefined) this.retryMs = Number(retry);
    const data = fields.get('data');
    if (data === undefined) return;
    const id = fields.get('id');
    if (id !== undefined) this.lastEventId = id;
    this.events.push({ event: fields.get('event') ?? 'message', id, data: JSON.parse(data) as ReceivedEvent['data'] });
  }
}

function field(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
