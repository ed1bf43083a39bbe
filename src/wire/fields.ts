import type { Reader } from 'protobufjs';
import type { UnixMillis } from '../base/brands.ts';
import { Fingerprint } from '../store/fingerprint.ts';
import { readUint64, readUnixNanos } from './int64.ts';
import type { Span } from './span.ts';

/** How a field is laid out on the wire (Protocol Buffers, "Encoding"). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * Takes one field of a message out of the reader.
 *
 * @returns false when it does not know the field, which is then skipped
 */
export type FieldReader<Target> = (reader: Reader, field: number, layout: number, target: Target) => boolean;

/**
 * Reads a message up to the reader's end.
 *
 * @throws {Error} when the bytes are no protobuf message
 */
export function readMessage<Target>(reader: Reader, readField: FieldReader<Target>, target: Target): void {
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const field = tag >>> 3;
    // Groups in groups are followed 100 deep and then refused, so they can not exhaust the stack.
    if (!readField(reader, field, tag & 7, target)) reader.skipType(tag & 7, 0, field);
  }
}

/** Reads a message within a message. The reader's end is moved meanwhile, so that it can not read on into its neighbour. */
export function readNested<Target>(
  reader: Reader,
  layout: number,
  readField: FieldReader<Target>,
  target: Target,
): boolean {
  expectLayout(layout, LENGTH, reader);
  const end = reader.size() + reader.pos;
  const outer = reader.len;
  if (end > outer) throw new RangeError(`cut short at offset ${reader.pos}`);
  reader.len = end;
  readMessage(reader, readField, target);
  reader.len = outer;
  return true;
}

/** Notes where a string or bytes field lies, without looking at it. */
export function readSpan(reader: Reader, layout: number, span: Span): boolean {
  expectLayout(layout, LENGTH, reader);
  const length = reader.size();
  span.start = reader.pos;
  reader.skip(length);
  span.end = reader.pos;
  return true;
}

export function readBool(reader: Reader, layout: number): boolean {
  expectLayout(layout, VARINT, reader);
  return reader.bool();
}

/** Reads a uint32; of a longer number the low 32 bits, as protobuf has it. */
export function readUint32(reader: Reader, layout: number): number {
  expectLayout(layout, VARINT, reader);
  return reader.uint32();
}

/** Reads a fixed32. */
export function readFixed32(reader: Reader, layout: number): number {
  expectLayout(layout, FIXED32, reader);
  return reader.fixed32();
}

/** Reads a fixed64 as a fingerprint; undefined where it is 0, which is how none is told. */
export function readFingerprint(reader: Reader, layout: number): Fingerprint | undefined {
  expectLayout(layout, FIXED64, reader);
  const fingerprint = readHalves(reader);
  return fingerprint.equals(Fingerprint.NONE) ? undefined : fingerprint;
}

/**
 * Reads a packed list of fixed64 as fingerprints.
 *
 * @param most how many there may be
 * @returns undefined when there are more
 */
export function readFingerprints(reader: Reader, layout: number, most: number): readonly Fingerprint[] | undefined {
  expectLayout(layout, LENGTH, reader);
  const bytes = reader.size();
  const end = reader.pos + bytes;
  if (end > reader.len || bytes % 8 !== 0) throw new RangeError(`cut short at offset ${reader.pos}`);
  if (bytes > 8 * most) {
    reader.skip(bytes);
    return undefined;
  }
  const fingerprints: Fingerprint[] = [];
  while (reader.pos < end) fingerprints.push(readHalves(reader));
  return fingerprints;
}

/** A fixed64: the low half first. */
function readHalves(reader: Reader): Fingerprint {
  const low = reader.fixed32();
  return new Fingerprint(reader.fixed32(), low);
}

/** Reads a number of any width as {@link readUint64} does. */
export function readNumber(reader: Reader, layout: number): number {
  expectLayout(layout, VARINT, reader);
  return readUint64(reader);
}

/** Reads a time as {@link readUnixNanos} does. */
export function readTime(reader: Reader, layout: number): UnixMillis {
  expectLayout(layout, VARINT, reader);
  return readUnixNanos(reader);
}

function expectLayout(layout: number, expected: number, reader: Reader): void {
  if (layout !== expected) throw new Error(`a known field in another encoding at offset ${reader.pos}`);
}
