import type { DeltaAnswer, Diff, Envelope, Heartbeat, Probe, ProbeAnswer } from '../gossip/messages.ts';
import { type Delta, recordBytes } from '../store/delta.ts';
import type { Fingerprint } from '../store/fingerprint.ts';
import type { Claim, Digest } from '../store/record.ts';
import { writeUint64, writeUnixNanos } from './int64.ts';
import { peerStateNumber } from './peer-state.ts';
import type { StepMessage, StepRefusal } from './step.ts';
import { Writer } from './writer.ts';

/** What `protocol_version` says: the sender knows the extension fields. */
const PROTOCOL_VERSION = 1;

/** The tags of fields: number and layout in one, as they stand on the wire. */
const varint = (field: number): number => field << 3;
const length = (field: number): number => (field << 3) | 2;
const fixed64 = (field: number): number => (field << 3) | 1;
const fixed32 = (field: number): number => (field << 3) | 5;

/** About how many bytes things take: a little more than they nearly always do. */
const STEP_ROOM = 16;
const ENVELOPE_ROOM = 128;
const DIGEST_ENTRY_ROOM = 80;

/** How many bytes the length of something takes, where it is shorter than 128 bytes and where it is longer: a guess. */
const SHORT = 1;
const LONG = 2;

/** Writes a `GossipHeartbeatRequest`. */
export function encodeHeartbeatRequest(message: Heartbeat): Buffer {
  const { sentAt, digest, fingerprint, buckets = [] } = message;
  const writer = envelop(message, digestRoom(digest) + 8 * buckets.length);
  const body = beginBody(writer);
  writer.uint32(varint(1));
  writeUnixNanos(writer, sentAt);
  writeDigest(writer, digest);
  writeFingerprint(writer, fingerprint);
  if (message.buckets !== undefined) {
    writer.uint32(length(17));
    writer.uint32(8 * buckets.length);
    for (const bucket of buckets) writeHalves(writer, bucket);
  }
  writer.end(body, SHORT);
  return writer.finish();
}

/** Writes a `GossipDiffResponse`, the answer to a heartbeat. */
export function encodeDiffResponse(message: Diff): Buffer {
  const { delta, digest, fingerprint, inSync, pushOnly, scope } = message;
  const writer = envelop(message, deltaRoom(delta) + digestRoom(digest));
  const body = beginBody(writer);
  writeDelta(writer, delta);
  writeDigest(writer, digest);
  writeFingerprint(writer, fingerprint);
  if (inSync === true) writeTrue(writer, 17);
  if (pushOnly) writeTrue(writer, 18);
  if (scope !== undefined) {
    writer.uint32(fixed32(19));
    writer.fixed32(scope);
  }
  writer.end(body, SHORT);
  return writer.finish();
}

/** Writes a `GossipDiffRequest`, which has the same fields as a `GossipDiffResponse`. */
export function encodeDiffRequest(message: Diff): Buffer {
  return encodeDiffResponse(message);
}

/** Writes a `GossipDeltaResponse`, the answer to a diff. */
export function encodeDeltaResponse(message: DeltaAnswer): Buffer {
  const writer = envelop(message, deltaRoom(message.delta));
  const body = beginBody(writer);
  writeDelta(writer, message.delta);
  writer.end(body, SHORT);
  if (message.delta.length > 0) writeTrue(writer, 4);
  return writer.finish();
}

/** Writes a `ProbeRequest`. */
export function encodeProbeRequest(message: Probe): Buffer {
  const writer = envelop(message, message.target.length);
  writer.uint32(length(2));
  writer.string(message.target);
  return writer.finish();
}

/** Writes a `ProbeResponse`. */
export function encodeProbeResponse(message: ProbeAnswer): Buffer {
  const writer = envelop(message, 0);
  if (message.reached) writeTrue(writer, 2);
  return writer.finish();
}

/** Writes a `GossipStepRequest` or a `GossipStepResponse` around a message that is encoded already. */
export function encodeStep({ number, step, message }: StepMessage): Buffer {
  const writer = new Writer(STEP_ROOM + message.length);
  writer.uint32(length(step === 'heartbeat' ? 1 : 2));
  writer.bytes(message);
  writer.uint32(varint(3));
  writer.uint32(number);
  return writer.finish();
}

/** Writes the `GossipStepResponse` that refuses a step. */
export function encodeStepRefusal({ number, code, detail }: StepRefusal): Buffer {
  const writer = new Writer(STEP_ROOM + detail.length);
  writer.uint32(varint(3));
  writer.uint32(number);
  writer.uint32(length(4));
  const refusal = writer.begin(SHORT);
  writer.uint32(varint(1));
  writer.uint32(code);
  writer.uint32(length(2));
  writer.string(detail);
  writer.end(refusal, SHORT);
  return writer.finish();
}

/**
 * The envelope.
 *
 * @param room about how many bytes will be written after it
 * @returns where they go
 */
function envelop({ source, mesh }: Envelope, room: number): Writer {
  const writer = new Writer(ENVELOPE_ROOM + room);
  writer.uint32(length(1));
  const envelope = writer.begin(SHORT);
  writer.uint32(length(1));
  writer.string(source);
  if (mesh !== '') {
    writer.uint32(length(16));
    writer.string(mesh);
  }
  writer.uint32(varint(17));
  writer.uint32(PROTOCOL_VERSION);
  writer.end(envelope, SHORT);
  return writer;
}

/** The head of the body, which the caller ends as a short one. */
function beginBody(writer: Writer): number {
  writer.uint32(length(2));
  return writer.begin(SHORT);
}

function digestRoom(digest: Digest): number {
  return DIGEST_ENTRY_ROOM * digest.size;
}

function deltaRoom(delta: Delta): number {
  return delta.reduce((room, record) => room + recordBytes(record), 0);
}

/** `fingerprint`, which has the same number wherever it stands. */
function writeFingerprint(writer: Writer, fingerprint: Fingerprint | undefined): void {
  if (fingerprint === undefined) return;
  writer.uint32(fixed64(16));
  writeHalves(writer, fingerprint);
}

/** A fixed64: the low half first. */
function writeHalves(writer: Writer, { high, low }: Fingerprint): void {
  writer.fixed32(low);
  writer.fixed32(high);
}

/** A field that says yes. One that says no is left out. */
function writeTrue(writer: Writer, field: number): void {
  writer.uint32(varint(field));
  writer.uint32(1);
}

/** `version_map_digest`, which has the same number wherever it stands. */
function writeDigest(writer: Writer, digest: Digest): void {
  for (const [id, entry] of digest) {
    writer.uint32(length(2));
    const outer = writer.begin(SHORT);
    writer.uint32(length(1));
    writer.string(id);
    writer.uint32(length(2));
    const inner = writer.begin(SHORT);
    writeClaim(writer, entry);
    if (entry.lastSeen > 0) {
      writer.uint32(varint(3));
      writeUnixNanos(writer, entry.lastSeen);
    }
    writer.end(inner, SHORT);
    writer.end(outer, SHORT);
  }
}

/** `state_delta`, which has the same number wherever it stands. A record does not know when its member was last seen. */
function writeDelta(writer: Writer, delta: Delta): void {
  for (const record of delta) {
    writer.uint32(length(1));
    const entry = writer.begin(LONG);
    writer.uint32(length(1));
    writer.string(record.id);
    writer.uint32(length(2));
    const state = writer.begin(LONG);
    writer.uint32(length(1));
    const claim = writer.begin(SHORT);
    writeClaim(writer, record);
    writer.end(claim, SHORT);
    writer.uint32(length(2));
    writer.bytes(record.metadata);
    writer.end(state, LONG);
    writer.end(entry, LONG);
  }
}

function writeClaim(writer: Writer, claim: Claim): void {
  writer.uint32(varint(1));
  writeUint64(writer, claim.version);
  writer.uint32(length(2));
  writer.string(claim.address);
  writer.uint32(varint(4));
  writer.uint32(peerStateNumber(claim.state));
  if (claim.left) writeTrue(writer, 16);
  if (claim.forgotten === true) writeTrue(writer, 17);
}
