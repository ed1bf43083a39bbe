import type { Reader } from 'protobufjs';
import { type UnixMillis, unixMillis } from '../base/brands.ts';
import type { Writer } from './writer.ts';

/** One more than the largest 32-bit number. */
const WORD = 2 ** 32;

/** The latest time that 64-bit nanoseconds can tell: 2262-04-11. */
const LATEST_MILLIS = 9_223_372_036_854;

/**
 * The 64-bit number read last, as two unsigned halves. Kept here and used again, because an object for each number of a digest
 * is what makes the library's own readers slow.
 */
const last = { high: 0, low: 0 };

function readHalves(reader: Reader): void {
  const bytes = reader.buf;
  const end = Math.min(reader.len, reader.pos + 10);
  let high = 0;
  let low = 0;
  let shift = 0;
  for (let at = reader.pos; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    const bits = byte & 127;
    if (shift < 28) low |= bits << shift;
    else if (shift > 28) high |= bits << (shift - 32);
    else {
      low |= bits << 28;
      high |= bits >> 4;
    }
    if (byte < 128) {
      reader.pos = at + 1;
      last.high = high >>> 0;
      last.low = low >>> 0;
      return;
    }
    shift += 7;
  }
  throw new RangeError(`invalid varint at offset ${reader.pos}`);
}

/**
 * Reads a uint64. Numbers to 2^53 − 1 come out exactly. Greater ones come out rounded, and never as a safe integer.
 *
 * @throws {RangeError} when it is cut short
 */
export function readUint64(reader: Reader): number {
  readHalves(reader);
  return last.high * WORD + last.low;
}

/**
 * Reads a time of int64 nanoseconds as whole milliseconds, rounded down. Times before 1970 come out as 0: nobody saw anybody
 * then, and 0 is also how a peer says that it does not know.
 *
 * @throws {RangeError} when it is cut short
 */
export function readUnixNanos(reader: Reader): UnixMillis {
  readHalves(reader);
  const { high, low } = last;
  if (high >= 2 ** 31) return unixMillis(0);
  // 2^32 ns are 4,294 ms and 967,296 ns. Every product here stays below 2^52 and is therefore exact.
  return unixMillis(high * 4_294 + Math.floor((high * 967_296 + low) / 1_000_000));
}

/**
 * Writes a uint64.
 *
 * @param value a safe integer that is not negative
 */
export function writeUint64(writer: Writer, value: number): void {
  writer.uint64(Math.floor(value / WORD), value >>> 0);
}

/**
 * Writes a time as int64 nanoseconds, exactly. A time that they can not tell becomes the nearest one that they can.
 *
 * @param time whole milliseconds
 */
export function writeUnixNanos(writer: Writer, time: UnixMillis): void {
  const whole = Math.min(Math.max(Math.floor(time), 0), LATEST_MILLIS);
  // In two parts, whole = upper · 2^21 + lower, so that every product is exact.
  const upper = Math.floor(whole / 2 ** 21);
  const lower = whole - upper * 2 ** 21;
  const upperNanos = upper * 1_000_000;
  const high = Math.floor(upperNanos / 2 ** 11);
  const lowNanos = (upperNanos - high * 2 ** 11) * 2 ** 21 + lower * 1_000_000;
  const carry = Math.floor(lowNanos / WORD);
  writer.uint64(high + carry, lowNanos - carry * WORD);
}
