import { endpointProblem, isPort, labelKeyProblem, labelValueProblem } from '../base/metadata.ts';
import { Span } from './span.ts';

/** What our own encoder writes before each value (MessagePack, "Formats"): a map of three, and its keys in order. */
const BEFORE_ENDPOINT = Buffer.from('\x83\xabapiEndpoint', 'latin1');
const BEFORE_PORT = Buffer.from('\xa7apiPort', 'latin1');
const BEFORE_LABELS = Buffer.from('\xa6labels', 'latin1');

/** A name of so many characters is not too long for a label, wherever it stands. */
const SHORT_NAME = 31;

/** Of every ASCII character whether a label's value may begin and end with it, and whether it may stand between. */
const OUTER = charactersWhere((character) => labelValueProblem(character) === undefined);
const INNER = charactersWhere((character) => labelValueProblem(`a${character}a`) === undefined);

/** Looks over the metadata of one message, without making anything of them. It knows only the forms of short values. */
export class PlainMetadata {
  readonly #bytes: Buffer;
  /** The text found last. */
  readonly #text = new Span();
  #at = 0;
  #end = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * Tells at a glance whether metadata are good and written as `encodeMetadata` writes them.
   *
   * @param span where they lie
   * @returns true only for what `decodeMetadata` reads; false says nothing, as they may be good and written in another way
   */
  isAt({ start, end }: Span): boolean {
    this.#at = start;
    this.#end = end;
    return (
      this.#skips(BEFORE_ENDPOINT) &&
      this.#findsText() &&
      isEndpoint(this.#bytes, this.#text) &&
      this.#skips(BEFORE_PORT) &&
      isPort(this.#port()) &&
      this.#skips(BEFORE_LABELS) &&
      this.#seesLabels() &&
      this.#at === this.#end
    );
  }

  /** Goes over exactly these bytes, if they are the next ones. */
  #skips(expected: Buffer): boolean {
    for (let index = 0; index < expected.length; index += 1) {
      if (this.#next() !== expected[index]) return false;
    }
    return true;
  }

  /** Goes over a text of up to 255 bytes and notes where it lies. */
  #findsText(): boolean {
    const head = this.#next();
    if (head !== 0xd9 && (head < 0xa0 || head > 0xbf)) return false;
    const length = head === 0xd9 ? this.#next() : head - 0xa0;
    this.#text.start = this.#at;
    this.#at += length;
    this.#text.end = this.#at;
    return this.#at <= this.#end;
  }

  /** Reads a number of up to 16 bits; 0 where there is none. */
  #port(): number {
    const head = this.#next();
    if (head <= 0x7f) return head;
    if (head === 0xcc) return this.#next();
    return head === 0xcd ? 256 * this.#next() + this.#next() : 0;
  }

  /** Goes over a map of up to 15 labels. */
  #seesLabels(): boolean {
    const labels = this.#next() - 0x80;
    if (labels < 0 || labels > 15) return false;
    for (let label = 0; label < labels; label += 1) {
      if (!this.#findsText() || !isLabelKey(this.#bytes, this.#text)) return false;
      if (!this.#findsText() || !isLabelValue(this.#bytes, this.#text)) return false;
    }
    return true;
  }

  /** The next byte; 0 behind the last one. */
  #next(): number {
    const byte = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return byte;
  }
}

/** A text as the rules take it. They let nothing but ASCII through, so it is no matter that other bytes come out wrong. */
function asciiAt(bytes: Buffer, { start, end }: Span): string {
  return bytes.toString('latin1', start, end);
}

function isEndpoint(bytes: Buffer, span: Span): boolean {
  return endpointProblem(asciiAt(bytes, span)) === undefined;
}

function isLabelKey(bytes: Buffer, span: Span): boolean {
  return isName(bytes, span) || labelKeyProblem(asciiAt(bytes, span)) === undefined;
}

function isLabelValue(bytes: Buffer, span: Span): boolean {
  return isName(bytes, span) || labelValueProblem(asciiAt(bytes, span)) === undefined;
}

/** Tells whether a text is short, and good as a key and as a value: most are, and need not become a string to be looked at. */
function isName(bytes: Buffer, { start, end }: Span): boolean {
  if (end === start || end - start > SHORT_NAME) return false;
  if (OUTER[bytes[start] ?? 0] !== 1 || OUTER[bytes[end - 1] ?? 0] !== 1) return false;
  for (let at = start + 1; at < end - 1; at += 1) {
    if (INNER[bytes[at] ?? 0] !== 1) return false;
  }
  return true;
}

function charactersWhere(holds: (character: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (holds(String.fromCharCode(code)) ? 1 : 0));
}
