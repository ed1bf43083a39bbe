import { MAX_ID_BYTES, type NodeId, nodeId } from '../base/brands.ts';
import { isAddress, MAX_ADDRESS_BYTES } from './address.ts';
import { forLog } from './refusal.ts';
import type { Span } from './span.ts';
import { TextCache } from './text-cache.ts';

/** Longest name of a mesh, in bytes. */
const MAX_MESH_BYTES = 63;

/** Bytes of a text that may be anything which are looked at to show it in a log. */
const GLIMPSE_BYTES = 256;

// Refuses what is not UTF-8 instead of replacing it, and keeps a byte order mark: else two different keys could become one text.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const ids = new TextCache(readId);
const addresses = new TextCache(readAddress);

/** Reads an id: 1 to 253 bytes of UTF-8 without control characters. Undefined when it is none. */
export function idAt(bytes: Buffer, span: Span): NodeId | undefined {
  return span.length > MAX_ID_BYTES ? undefined : ids.at(bytes, span);
}

/** Reads an address (see {@link isAddress}). Undefined when it is none. */
export function addressAt(bytes: Buffer, span: Span): string | undefined {
  return span.length > MAX_ADDRESS_BYTES ? undefined : addresses.at(bytes, span);
}

/** Reads the name of a mesh: at most 63 bytes of printable ASCII, or nothing. Undefined when it is none. */
export function meshAt(bytes: Buffer, span: Span): string | undefined {
  return span.length > MAX_MESH_BYTES ? undefined : printableAt(bytes, span);
}

/** What can be shown of a text that may be anything. */
export function glimpseAt(bytes: Buffer, span: Span): string {
  return forLog(bytes.toString('utf8', span.start, Math.min(span.end, span.start + GLIMPSE_BYTES)));
}

function readId(bytes: Buffer, span: Span): NodeId | undefined {
  if (span.length === 0) return undefined;
  const plain = printableAt(bytes, span);
  if (plain !== undefined) return nodeId(plain);
  try {
    const text = strict.decode(bytes.subarray(span.start, span.end));
    return /\p{Cc}/u.test(text) ? undefined : nodeId(text);
  } catch {
    return undefined;
  }
}

function readAddress(bytes: Buffer, span: Span): string | undefined {
  const text = printableAt(bytes, span);
  return text !== undefined && isAddress(text) ? text : undefined;
}

/** The text of a span that holds nothing but printable ASCII, else undefined. */
function printableAt(bytes: Buffer, span: Span): string | undefined {
  for (let at = span.start; at < span.end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e) return undefined;
  }
  return bytes.toString('latin1', span.start, span.end);
}
