/** The length of a shorter text is a single byte, as long as it is ASCII. */
const SHORT_TEXT = 128;

/**
 * Writes protobuf from front to back into one piece of memory that grows, and makes no object for a field.
 *
 * What stands within something else goes between `begin` and `end`. Its length comes before it and is known only after it: both are
 * told the same guess of how many bytes the length takes, and what was written is moved where that was wrong.
 */
export class Writer {
  #bytes: Buffer;
  #at = 0;

  /** @param room about how many bytes will be written */
  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(room);
  }

  /** A varint of at most 32 bits. Tags are such ones. */
  uint32(value: number): void {
    this.#reserve(5);
    this.#at = writeVarint(this.#bytes, this.#at, value);
  }

  /** A varint of 64 bits, in two unsigned halves. */
  uint64(high: number, low: number): void {
    this.#reserve(10);
    let upper = high;
    let lower = low;
    while (upper > 0) {
      this.#bytes[this.#at] = (lower & 127) | 128;
      this.#at += 1;
      lower = ((lower >>> 7) | (upper << 25)) >>> 0;
      upper >>>= 7;
    }
    this.#at = writeVarint(this.#bytes, this.#at, lower);
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#at = this.#bytes.writeUInt32LE(value >>> 0, this.#at);
  }

  /** A text in UTF-8, with its length. */
  string(text: string): void {
    if (text.length < SHORT_TEXT && this.#shortAscii(text)) return;
    const length = Buffer.byteLength(text);
    this.uint32(length);
    this.#reserve(length);
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** Bytes, with their length. */
  bytes(content: Uint8Array): void {
    this.uint32(content.length);
    this.#reserve(content.length);
    this.#bytes.set(content, this.#at);
    this.#at += content.length;
  }

  /**
   * Leaves room for a length.
   *
   * @param guess bytes that the length will take
   * @returns where the content starts, for {@link end}
   */
  begin(guess: number): number {
    this.#reserve(guess);
    this.#at += guess;
    return this.#at;
  }

  /** Writes the length of what was written since `start`. */
  end(start: number, guess: number): void {
    const length = this.#at - start;
    const needed = varintBytes(length);
    if (needed !== guess) {
      this.#reserve(needed);
      this.#bytes.copyWithin(start + needed - guess, start, this.#at);
      this.#at += needed - guess;
    }
    writeVarint(this.#bytes, start - guess, length);
  }

  /** All that was written. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Tells whether it could write the text: whether all of it is ASCII. */
  #shortAscii(text: string): boolean {
    const { length } = text;
    this.#reserve(1 + length);
    const bytes = this.#bytes;
    const start = this.#at + 1;
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 127) return false;
      bytes[start + index] = unit;
    }
    bytes[this.#at] = length;
    this.#at = start + length;
    return true;
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed > this.#bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

/** @returns where the next byte goes */
function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 127) {
    bytes[at] = (rest & 127) | 128;
    at += 1;
    rest >>>= 7;
  }
  bytes[at] = rest;
  return at + 1;
}

/** How many bytes a varint of at most 32 bits takes. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes += 1;
  return bytes;
}
