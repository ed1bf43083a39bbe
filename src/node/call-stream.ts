import { type Client, type ClientDuplexStream, Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { decodeStepResponse } from '../wire/decode.ts';
import { encodeStep } from '../wire/encode.ts';
import type { Step, StepMessage, StepRefusal } from '../wire/step.ts';
import { asIs, STREAM_STEPS } from './service.ts';

/**
 * The numbers that requests go by, from 1 to this and then again: those that take one byte. So many may be on their way at once, answers that
 * never came among them.
 */
const NUMBERS = 127;

/** gRPC's statuses by their codes. */
const STATUSES: ReadonlyMap<number, status> = new Map(
  Object.values(status).flatMap((code) => (typeof code === 'number' ? [[code, code]] : [])),
);

/** How a request ended: with an answer, or with the status that it was refused with or that ended its stream. */
export type Reply =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly code: status; readonly detail: string };

/** A request to be sent. */
export interface Request {
  readonly step: Step;
  /** The bytes of the request itself. */
  readonly message: Buffer;
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
  /** It was not answered in time. Its number is kept, so that its answer is known when it comes after all. */
  isOver: boolean;
}

/** What becomes of a stream, each told once. */
export interface CallStreamEvents {
  /** It takes no more requests, for what has come about on it; `OK` when only its numbers are used up. */
  readonly closing: (code: status) => void;
  /** Nothing waits on it any more either. */
  readonly over: () => void;
}

/** Every end of a stream is told by its status; the error says the same. */
const ignore = (): void => undefined;

/**
 * Calls to one peer over one open stream. Each has a number, which comes back with its answer, so one that is late, refused or lost is nothing
 * to the others. A call of its own for each request costs four times as much: headers both ways, a stream of HTTP/2, and all that gRPC sets
 * up around it.
 *
 * A request that is not answered in time has failed, but the stream stays: on a machine that can not keep up the answer comes late, and to
 * begin anew would only add to its work. Whoever sees too many fail closes the stream.
 */
export class CallStream {
  readonly #stream: ClientDuplexStream<Buffer, Buffer>;
  readonly #events: CallStreamEvents;
  /** By number. */
  readonly #waiting = new Map<number, Waiting>();
  /** The number given last. */
  #number = 0;
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
      const number = this.#nextNumber();
      this.#waiting.set(number, waiting);
      this.#stream.write(encodeStep({ number, step, message }));
      if (this.#waiting.size === NUMBERS) this.#stopTaking(status.OK);
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

  /**
   * Of the numbers that are free the one given longest ago, so that an answer that comes twice is hardly ever taken for another's. One is free:
   * with the last the stream takes no more.
   */
  #nextNumber(): number {
    do {
      this.#number = (this.#number % NUMBERS) + 1;
    } while (this.#waiting.has(this.#number));
    return this.#number;
  }

  #answered(bytes: Buffer): void {
    const decoded = decodeStepResponse(bytes);
    if (!decoded.ok) {
      // Whoever was meant would wait in vain.
      this.#end(status.INTERNAL, decoded.error.detail);
      return;
    }
    const { number } = decoded.value;
    const waiting = this.#waiting.get(number);
    // To end the stream for an answer that nobody waits for would harm those who wait for theirs.
    if (waiting === undefined) return;
    this.#waiting.delete(number);
    const reply = replyOf(decoded.value, waiting.step);
    if (!waiting.isOver) settle(waiting, reply);
    else if (reply.ok) waiting.late(reply.bytes);
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
    if (!this.#isClosing || this.#isOver || this.#isAwaited()) return;
    this.#isOver = true;
    this.#stream.cancel();
    this.#events.over();
  }

  #isAwaited(): boolean {
    for (const { isOver } of this.#waiting.values()) if (!isOver) return true;
    return false;
  }

  #end(code: status, detail: string): void {
    for (const waiting of this.#waiting.values()) {
      if (!waiting.isOver) settle(waiting, { ok: false, code, detail });
    }
    this.#waiting.clear();
    this.#stopTaking(code);
    this.#cancelIfDone();
  }
}

/** @param step the one that was asked */
function replyOf(answer: StepMessage | StepRefusal, step: Step): Reply {
  if (answer.step === 'refused') {
    return { ok: false, code: STATUSES.get(answer.code) ?? status.UNKNOWN, detail: answer.detail };
  }
  if (answer.step === step) return { ok: true, bytes: answer.message };
  return { ok: false, code: status.INTERNAL, detail: 'an answer to something else' };
}

function settle(waiting: Waiting, reply: Reply): void {
  waiting.isOver = true;
  clearTimeout(waiting.deadline);
  waiting.settle(reply);
}
