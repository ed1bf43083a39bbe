import { type Client, type ClientDuplexStream, Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { decodeStep } from '../wire/decode.ts';
import { encodeStep } from '../wire/encode.ts';
import type { Step, StepMessage } from '../wire/step.ts';
import { asIs, STREAM_STEPS } from './service.ts';

/** How a request ended: with an answer, or with the status that ended its stream. */
export type Reply =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly code: status; readonly detail: string };

/** A request on its way. */
export interface Request extends StepMessage {
  /** How long the answer may take, ms. */
  readonly timeout: number;
  /** Takes the answer that comes after that. */
  readonly late: (answer: Buffer) => void;
}

interface Waiting {
  readonly step: Step;
  readonly settle: (reply: Reply) => void;
  readonly late: (answer: Buffer) => void;
  readonly deadline: NodeJS.Timeout;
  /** It was not answered in time. Its place is kept, so that its answer is known when it comes after all. */
  isOver: boolean;
}

/** What becomes of a stream, each told once. */
export interface CallStreamEvents {
  /** It takes no more requests, for what has come about on it. */
  readonly closing: (code: status) => void;
  /** Nothing waits on it any more either. */
  readonly over: () => void;
}

/** Every end of a stream is told by its status; the error says the same. */
const ignore = (): void => undefined;

/**
 * Calls to one peer over one open stream, answered in the order in which they were made. A call of its own for each request costs four
 * times as much: headers both ways, a stream of HTTP/2, and all that gRPC sets up around it.
 *
 * A request that is not answered in time has failed, but the stream stays: on a machine that can not keep up the answer comes late, and to
 * begin anew would only add to its work. Whoever sees too many fail closes the stream.
 */
export class CallStream {
  readonly #stream: ClientDuplexStream<Buffer, Buffer>;
  readonly #events: CallStreamEvents;
  /** The one sent first comes first. */
  readonly #waiting: Waiting[] = [];
  /** It takes no more requests. */
  #isClosing = false;
  /** Nothing waits on it any more. */
  #isOver = false;

  /** Opens the stream. */
  constructor(client: Client, events: CallStreamEvents) {
    this.#events = events;
    this.#stream = client.makeBidiStreamRequest(STREAM_STEPS.path, asIs, asIs, new Metadata(), {});
    this.#stream.on('data', (bytes: Buffer) => this.#answered(bytes));
    this.#stream.on('status', ({ code, details }: StatusObject) => {
      // A peer that stops ends its streams, or cuts them off.
      const isGone = code === status.OK || code === status.CANCELLED;
      this.#end(isGone ? status.UNAVAILABLE : code, details);
    });
    this.#stream.on('error', ignore);
  }

  /** Sends a request and waits for its answer. Never rejects. */
  async send({ step, message, timeout, late }: Request): Promise<Reply> {
    return new Promise((settle) => {
      const deadline = setTimeout(() => this.#missed(waiting), timeout);
      const waiting: Waiting = { step, settle, late, deadline, isOver: false };
      this.#waiting.push(waiting);
      this.#stream.write(encodeStep({ step, message }));
    });
  }

  /** Ends the stream once what waits has been answered. Nothing may be sent after this. */
  close(): void {
    this.#stopTaking(status.CANCELLED);
    this.#cancelIfDone();
  }

  /** Ends the stream now; what waits has failed. */
  cancel(): void {
    this.#end(status.CANCELLED, 'the connection was closed');
  }

  #answered(bytes: Buffer): void {
    const decoded = decodeStep(bytes);
    const [first] = this.#waiting;
    if (!decoded.ok || decoded.value.step !== first?.step) {
      // The order is lost: whatever comes now may be the answer to anything.
      this.#end(status.INTERNAL, decoded.ok ? 'an answer to something else' : decoded.error.detail);
      return;
    }
    this.#waiting.shift();
    if (first.isOver) first.late(decoded.value.message);
    else settle(first, { ok: true, bytes: decoded.value.message });
    this.#cancelIfDone();
  }

  #missed(waiting: Waiting): void {
    settle(waiting, { ok: false, code: status.DEADLINE_EXCEEDED, detail: 'no answer in time' });
    this.#cancelIfDone();
  }

  #stopTaking(code: status): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#events.closing(code);
  }

  /** Nobody waits for anything that may still come. */
  #cancelIfDone(): void {
    if (!this.#isClosing || this.#isOver || this.#waiting.some(({ isOver }) => !isOver)) return;
    this.#isOver = true;
    this.#stream.cancel();
    this.#events.over();
  }

  #end(code: status, detail: string): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (!waiting.isOver) settle(waiting, { ok: false, code, detail });
    }
    this.#stopTaking(code);
    this.#cancelIfDone();
  }
}

function settle(waiting: Waiting, reply: Reply): void {
  waiting.isOver = true;
  clearTimeout(waiting.deadline);
  waiting.settle(reply);
}
