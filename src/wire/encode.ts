import protobuf from 'protobufjs/minimal.js';
import type { DeltaAnswer, Diff, Envelope, Heartbeat, Probe, ProbeAnswer } from '../gossip/messages.ts';
import type { Delta } from '../store/delta.ts';
import type { Fingerprint } from '../store/fingerprint.ts';
import type { Claim, Digest } from '../store/record.ts';
import { writeUnixNanos } from './int64.ts';
import { peerStateNumber } from './peer-state.ts';
import type { StepMessage, StepRefusal } from './step.ts';

/** What `protocol_version` says: the sender knows the extension fields. */
const PROTOCOL_VERSION = 1;

/** The tags of fields: number and layout in one, as they stand on the wire. */
const varint = (field: number): number => field << 3;
const length = (field: number): number => (field << 3) | 2;
const fixed64 = (field: number): number => (field << 3) | 1;
const fixed32 = (field: number): number => (field << 3) | 5;

type Writer = protobuf.Writer;

/** Writes a `GossipHeartbeatRequest`. */
export function encodeHeartbeatRequest(message: Heartbeat): Buffer {
  const writer = begin(message);
  writer.uint32(varint(1));
  writeUnixNanos(writer, message.sentAt);
  writeDigest(writer, message.digest);
  writeFingerprint(writer, message.fingerprint);
  if (message.buckets !== undefined) {
    writer.uint32(length(17)).fork();
    for (const bucket of message.buckets) writeHalves(writer, bucket);
    writer.ldelim();
  }
  return finish(writer.ldelim());
}

/** Writes a `GossipDiffResponse`, the answer to a heartbeat. */
export function encodeDiffResponse(message: Diff): Buffer {
  const writer = begin(message);
  writeDelta(writer, message.delta);
  writeDigest(writer, message.digest);
  writeFingerprint(writer, message.fingerprint);
  if (message.inSync === true) writer.uint32(varint(17)).bool(true);
  if (message.pushOnly) writer.uint32(varint(18)).bool(true);
  if (message.scope !== undefined) writer.uint32(fixed32(19)).fixed32(message.scope);
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

/** Writes a `ProbeRequest`. */
export function encodeProbeRequest(message: Probe): Buffer {
  return finish(envelop(message).uint32(length(2)).string(message.target));
}

/** Writes a `ProbeResponse`. */
export function encodeProbeResponse(message: ProbeAnswer): Buffer {
  const writer = envelop(message);
  if (message.reached) writer.uint32(varint(2)).bool(true);
  return finish(writer);
}

/** Writes a `GossipStepRequest` or a `GossipStepResponse` around a message that is encoded already. */
export function encodeStep({ number, step, message }: StepMessage): Buffer {
  const writer = new protobuf.BufferWriter();
  writer.uint32(length(step === 'heartbeat' ? 1 : 2)).bytes(message);
  return finish(writer.uint32(varint(3)).uint32(number));
}

/** Writes the `GossipStepResponse` that refuses a step. */
export function encodeStepRefusal({ number, code, detail }: StepRefusal): Buffer {
  const writer = new protobuf.BufferWriter();
  writer.uint32(varint(3)).uint32(number);
  writer.uint32(length(4)).fork();
  writer.uint32(varint(1)).uint32(code);
  writer.uint32(length(2)).string(detail);
  return finish(writer.ldelim());
}

/** The envelope, and the head of the body. The caller closes the body with `ldelim`. */
function begin(envelope: Envelope): Writer {
  return envelop(envelope).uint32(length(2)).fork();
}

function envelop(envelope: Envelope): Writer {
  const writer = new protobuf.BufferWriter();
  writer.uint32(length(1)).fork();
  writer.uint32(length(1)).string(envelope.source);
  if (envelope.mesh !== '') writer.uint32(length(16)).string(envelope.mesh);
  return writer.uint32(varint(17)).uint32(PROTOCOL_VERSION).ldelim();
}

/** `fingerprint`, which has the same number wherever it stands. */
function writeFingerprint(writer: Writer, fingerprint: Fingerprint | undefined): void {
  if (fingerprint !== undefined) writeHalves(writer.uint32(fixed64(16)), fingerprint);
}

/** A fixed64: the low half first. */
function writeHalves(writer: Writer, { high, low }: Fingerprint): void {
  writer.fixed32(low).fixed32(high);
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
  if (claim.forgotten === true) writer.uint32(varint(17)).bool(true);
}
