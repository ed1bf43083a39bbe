import protobuf from 'protobufjs/minimal.js';
import type { DeltaAnswer, Diff, Envelope, Heartbeat } from '../gossip/messages.ts';
import type { Delta } from '../store/delta.ts';
import type { Claim, Digest } from '../store/record.ts';
import { writeUnixNanos } from './int64.ts';
import { peerStateNumber } from './peer-state.ts';

/** What `protocol_version` says: the sender knows the extension fields. */
const PROTOCOL_VERSION = 1;

/** The tags of fields: number and layout in one, as they stand on the wire. */
const varint = (field: number): number => field << 3;
const length = (field: number): number => (field << 3) | 2;

type Writer = protobuf.Writer;

/** Writes a `GossipHeartbeatRequest`. */
export function encodeHeartbeatRequest(message: Heartbeat): Buffer {
  const writer = begin(message);
  writer.uint32(varint(1));
  writeUnixNanos(writer, message.sentAt);
  writeDigest(writer, message.digest);
  return finish(writer.ldelim());
}

/** Writes a `GossipDiffResponse`, the answer to a heartbeat. */
export function encodeDiffResponse(message: Diff): Buffer {
  const writer = begin(message);
  writeDelta(writer, message.delta);
  writeDigest(writer, message.digest);
  if (message.pushOnly) writer.uint32(varint(18)).bool(true);
  return finish(writer.ldelim());
}

/** Writes a `GossipDiffRequest`, which has the same fields as a `GossipDiffResponse`. */
export function encodeDiffRequest(message: Diff): Buffer {
  return encodeDiffResponse(message);
}

/** Writes a `GossipDeltaResponse`, the answer to a diff. */
export function encodeDeltaResponse(message: DeltaAnswer): Buffer {
  const writer = begin(message);
  writeDelta(writer, message.delta);
  writer.ldelim();
  if (message.delta.length > 0) writer.uint32(varint(4)).bool(true);
  return finish(writer);
}

/** The envelope, and the head of the body. The caller closes the body with `ldelim`. */
function begin(envelope: Envelope): Writer {
  const writer = new protobuf.BufferWriter();
  writer.uint32(length(1)).fork();
  writer.uint32(length(1)).string(envelope.source);
  if (envelope.mesh !== '') writer.uint32(length(16)).string(envelope.mesh);
  writer.uint32(varint(17)).uint32(PROTOCOL_VERSION).ldelim();
  writer.uint32(length(2)).fork();
  return writer;
}

function finish(writer: Writer): Buffer {
  const { buffer, byteOffset, length } = writer.finish();
  return Buffer.from(buffer, byteOffset, length);
}

/** `version_map_digest`, which has the same number wherever it stands. */
function writeDigest(writer: Writer, digest: Digest): void {
  for (const [id, entry] of digest) {
    writer.uint32(length(2)).fork();
    writer.uint32(length(1)).string(id);
    writer.uint32(length(2)).fork();
    writeClaim(writer, entry);
    if (entry.lastSeen > 0) {
      writer.uint32(varint(3));
      writeUnixNanos(writer, entry.lastSeen);
    }
    writer.ldelim().ldelim();
  }
}

/** `state_delta`, which has the same number wherever it stands. A record does not know when its member was last seen. */
function writeDelta(writer: Writer, delta: Delta): void {
  for (const record of delta) {
    writer.uint32(length(1)).fork();
    writer.uint32(length(1)).string(record.id);
    writer.uint32(length(2)).fork();
    writer.uint32(length(1)).fork();
    writeClaim(writer, record);
    writer.ldelim();
    writer.uint32(length(2)).bytes(record.metadata);
    writer.ldelim().ldelim();
  }
}

function writeClaim(writer: Writer, claim: Claim): void {
  writer.uint32(varint(1)).uint64(claim.version);
  writer.uint32(length(2)).string(claim.address);
  writer.uint32(varint(4)).uint32(peerStateNumber(claim.state));
  if (claim.left) writer.uint32(varint(16)).bool(true);
}
