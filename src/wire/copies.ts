import { Span } from './span.ts';

/** How much of a message a small piece of it may keep in memory. Some twenty records with labels lie in it. */
const SHARED_BYTES = 4_096;

/**
 * Copies pieces of one message that are kept, so that a small piece does not keep a large message in memory. The first piece is copied
 * alone. Those after it are copied together with what follows them: an array with memory of its own costs more than all else of a record.
 */
export class Copies {
  readonly #bytes: Buffer;
  /** The piece of the message that was copied last. */
  readonly #copied = new Span();
  #copy: ArrayBuffer | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @returns the bytes of the span, in other memory */
  of({ start, end, length }: Span): Uint8Array {
    const alone = this.#copy === undefined;
    if (this.#copy === undefined || start < this.#copied.start || end > this.#copied.end) {
      this.#copied.start = start;
      this.#copied.end = alone ? end : Math.min(Math.max(end, start + SHARED_BYTES), this.#bytes.length);
      this.#copy = copyOf(this.#bytes, this.#copied);
    }
    return new Uint8Array(this.#copy, start - this.#copied.start, length);
  }
}

function copyOf({ buffer, byteOffset }: Buffer, { start, end }: Span): ArrayBuffer {
  const copy = new Uint8Array(end - start);
  copy.set(new Uint8Array(buffer, byteOffset + start, end - start));
  return copy.buffer;
}
