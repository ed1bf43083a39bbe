import { type Client, type ClientDuplexStream, Metadata, type StatusObject, status } from '@grpc/grpc-js';

/** How a request ended: with an answer, or with the status that ended its stream. */
export type Reply =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly code: status; readonly detail: string };

interface Waiting {
  readonly settle: (reply: Reply) => void;
  readonly deadline: NodeJS.Timeout;
}

/** Every end of a stream is told by its status; the error says the same. */
const ignore = (): void => undefined;

/** Leaves bytes as they are, where gRPC asks for a codec. */
export const asIs = (bytes: Buffer): Buffer => bytes;

/**
 * Calls to one peer over one open stream, answered in the order in which they were made. A call of its own for each request costs four times as
 * much: headers both ways, a stream of HTTP/2, and all that gRPC sets up around it.
 *
 * A request that is not answered in time ends the stream, and with it all others that wait: what is answered late could not be
 * told from the next answer.
 */
export class CallStream {
  readonly #stream: ClientDuplexStream<Buffer, Buffer>;
  readonly #ended: (code: status) => void;
  /** The one sent first comes first. */
  readonly #waiting: Waiting[] = [];
  #isOver = false;
  #isClosing = false;

  /**
   * Opens the stream.
   *
   * @param path of the gRPC method
   * @param ended is told once when the stream can not be used any more, and by which status
   */
  constructor(client: Client, path: string, ended: (code: status) => void) {
    this.#ended = ended;
    this.#stream = client.makeBidiStreamRequest(path, asIs, asIs, new Metadata(), {});
    this.#stream.on('data', (bytes: Buffer) => this.#answered(bytes));
    this.#stream.on('status', ({ code, details }: StatusObject) => {
      // A peer that stops ends its streams, or cuts them off.
      const isGone = code === status.OK || code === status.CANCELLED;
      this.#end(isGone ? status.UNAVAILABLE : code, details);
    });
    this.#stream.on('error', ignore);
  }

  /**
   * Sends a request and waits for its answer. Never rejects.
   *
   * @param timeout how long the answer may take, ms
   */
  async send(request: Buffer, timeout: number): Promise<Reply> {
    return new Promise((settle) => {
      const deadline = setTimeout(() => this.#end(status.DEADLINE_EXCEEDED, 'no answer in time'), timeout);
      this.#waiting.push({ settle, deadline });
      this.#stream.write(request);
    });
  }

  /** Ends the stream once what waits has been answered. Nothing may be sent after this. */
  close(): void {
    this.#isClosing = true;
    if (this.#waiting.length === 0) this.#end(status.CANCELLED, 'the connection was closed');
  }

  /** Ends the stream now; what waits has failed. */
  cancel(): void {
    this.#end(status.CANCELLED, 'the connection was closed');
  }

  #answered(bytes: Buffer): void {
    const first = this.#waiting.shift();
    if (first === undefined) {
      this.#end(status.INTERNAL, 'an answer to nothing');
      return;
    }
    clearTimeout(first.deadline);
    first.settle({ ok: true, bytes });
    if (this.#isClosing) this.close();
  }

  #end(code: status, detail: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stream.cancel();
    for (const { settle, deadline } of this.#waiting.splice(0)) {
      clearTimeout(deadline);
      settle({ ok: false, code, detail });
    }
    this.#ended(code);
  }
}
