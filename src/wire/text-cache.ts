import type { Span } from './span.ts';

/** A power of two, so that the lower bits of a hash are a place. */
const PLACES = 2 ** 14;

/**
 * Texts that were read and found good before. Every digest of every peer names the same members at the same addresses, so nearly
 * all of them are found here: they are then neither checked nor allocated again, and a mesh of a thousand keeps each text once.
 *
 * Each text has two places, and a newer one drives it out. So the memory is bounded, and a peer that sends ever new texts, or many
 * for one place, only brings back the price of reading without the cache. Only ASCII is kept: there a byte is a character.
 */
export class TextCache<Text extends string> {
  readonly #places: (Text | undefined)[] = Array.from({ length: PLACES });
  readonly #read: (bytes: Buffer, span: Span) => Text | undefined;

  /** @param read reads and checks a text; undefined when it is not good */
  constructor(read: (bytes: Buffer, span: Span) => Text | undefined) {
    this.#read = read;
  }

  /** What `read` makes of the span. */
  at(bytes: Buffer, span: Span): Text | undefined {
    let every = 0;
    let hash = 0x811c9dc5;
    for (let at = span.start; at < span.end; at += 1) {
      const byte = bytes[at] ?? 0;
      every |= byte;
      // FNV-1a: cheap, and good enough to spread names that differ in their last digits.
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (every > 127) return this.#read(bytes, span);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const places = this.#places;
    const first = places[place];
    if (first !== undefined && isAt(first, bytes, span)) return first;
    const second = places[place ^ 1];
    if (second !== undefined && isAt(second, bytes, span)) return second;
    const text = this.#read(bytes, span);
    if (text !== undefined) {
      if (first !== undefined) places[place ^ 1] = first;
      places[place] = text;
    }
    return text;
  }
}

function isAt(text: string, bytes: Buffer, { start, length }: Span): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
