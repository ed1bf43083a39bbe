import protobuf from 'protobufjs/minimal.js';
import { err, ok, type Result } from '../base/result.ts';
import type { DeltaAnswer, Diff, Heartbeat, Probe, ProbeAnswer } from '../gossip/messages.ts';
import { BUCKETS } from '../store/fingerprint.ts';
import { Arrival } from './arrival.ts';
import {
  type FieldReader,
  readBool,
  readFingerprint,
  readFingerprints,
  readFixed32,
  readMessage,
  readNested,
  readSpan,
  readTime,
  readUint32,
} from './fields.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './limits.ts';
import { type Decoded, forLog, type WireError, WireFault } from './refusal.ts';
import { Span } from './span.ts';
import type { Step, StepMessage, StepRefusal } from './step.ts';
import { glimpseAt } from './text.ts';

/** What every decoder gives: it never throws, whatever the bytes are. */
export type Decoding<Message> = Result<Decoded<Message>, WireError>;

/** Reads a `GossipHeartbeatRequest`. */
export function decodeHeartbeatRequest(bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS): Decoding<Heartbeat> {
  return decode(bytes, limits, frame(readHeartbeat), (arrival) => ({
    ...arrival.envelope(),
    sentAt: arrival.sentAt,
    digest: arrival.digest,
    ...(arrival.fingerprint === undefined ? {} : { fingerprint: arrival.fingerprint }),
    ...(arrival.buckets === undefined ? {} : { buckets: arrival.buckets }),
  }));
}

/** Reads a `GossipDiffResponse`, the answer to a heartbeat. */
export function decodeDiffResponse(bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS): Decoding<Diff> {
  return decode(bytes, limits, frame(readDiff), (arrival) => ({
    ...arrival.envelope(),
    delta: [...arrival.delta.values()],
    digest: arrival.digest,
    pushOnly: arrival.pushOnly,
    ...(arrival.fingerprint === undefined ? {} : { fingerprint: arrival.fingerprint }),
    ...(arrival.inSync ? { inSync: true } : {}),
    ...(arrival.scope === 0 ? {} : { scope: arrival.scope }),
  }));
}

/** Reads a `GossipDiffRequest`, which has the same fields as a `GossipDiffResponse`. */
export function decodeDiffRequest(bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS): Decoding<Diff> {
  return decodeDiffResponse(bytes, limits);
}

/** Reads a `GossipDeltaResponse`, the answer to a diff. */
export function decodeDeltaResponse(bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS): Decoding<DeltaAnswer> {
  return decode(bytes, limits, frame(readDelta), (arrival) => ({
    ...arrival.envelope(),
    delta: [...arrival.delta.values()],
  }));
}

/** Reads a `ProbeRequest`. */
export function decodeProbeRequest(bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS): Decoding<Probe> {
  return decode(bytes, limits, readProbe, (arrival) => ({ ...arrival.envelope(), target: arrival.target() }));
}

/** Reads a `ProbeResponse`. */
export function decodeProbeResponse(bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS): Decoding<ProbeAnswer> {
  return decode(bytes, limits, readProbeAnswer, (arrival) => ({ ...arrival.envelope(), reached: arrival.reached }));
}

/**
 * Reads a `GossipStepRequest`, and leaves the message in it unread.
 *
 * @returns the message as a piece of the same memory; or why there is none
 */
export function decodeStepRequest(bytes: Buffer): Result<StepMessage, WireError> {
  const decoded = decodeStepResponse(bytes);
  if (!decoded.ok) return decoded;
  return decoded.value.step === 'refused' ? NO_STEP : ok(decoded.value);
}

/**
 * Reads a `GossipStepResponse`, and leaves the message in it unread.
 *
 * @returns the message as a piece of the same memory, or the refusal; or why there is neither
 */
export function decodeStepResponse(bytes: Buffer): Result<StepMessage | StepRefusal, WireError> {
  const found: FoundStep = { number: 0, message: new Span(), code: 0, detail: new Span() };
  try {
    readMessage(new protobuf.Reader(bytes), readStep, found);
  } catch (error) {
    return err(errorOf(error));
  }
  const { number, step, message, code, detail } = found;
  if (step === undefined) return NO_STEP;
  if (step === 'refused') return ok({ number, step, code, detail: glimpseAt(bytes, detail) });
  return ok({ number, step, message: bytes.subarray(message.start, message.end) });
}

function decode<Message>(
  bytes: Uint8Array,
  limits: WireLimits,
  readOuter: FieldReader<Arrival>,
  build: (arrival: Arrival) => Message,
): Decoding<Message> {
  if (bytes.length > limits.maxMessageBytes) {
    return err({ code: 'too_large', detail: `${bytes.length} bytes, more than ${limits.maxMessageBytes}` });
  }
  // The same memory as a Buffer, whose methods read text without a copy.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const arrival = new Arrival(buffer, limits);
  try {
    readMessage(new protobuf.Reader(buffer), readOuter, arrival);
    return ok({ message: build(arrival), refusals: arrival.refusals });
  } catch (error) {
    return err(errorOf(error));
  }
}

function errorOf(error: unknown): WireError {
  if (error instanceof WireFault) return { code: error.code, detail: error.message };
  // protobufjs throws plain errors with a line that says what is wrong and where.
  return { code: 'malformed', detail: forLog(error instanceof Error ? error.message : String(error)) };
}

/** What has been found in the wrapper of a step. */
interface FoundStep {
  number: number;
  /** Of two members of a oneof the last one counts. */
  step?: Step | 'refused';
  readonly message: Span;
  /** Of a refusal. */
  code: number;
  readonly detail: Span;
}

const NO_STEP = err<WireError>({ code: 'malformed', detail: 'no step of a handshake' });

const readStep: FieldReader<FoundStep> = (reader, field, layout, found) => {
  switch (field) {
    case 1:
      found.step = 'heartbeat';
      return readSpan(reader, layout, found.message);
    case 2:
      found.step = 'diff';
      return readSpan(reader, layout, found.message);
    case 3:
      found.number = readUint32(reader, layout);
      return true;
    case 4:
      found.step = 'refused';
      return readNested(reader, layout, readRefusal, found);
    default:
      return false;
  }
};

/** Reads a `GossipStepRefusal`. */
const readRefusal: FieldReader<FoundStep> = (reader, field, layout, found) => {
  switch (field) {
    case 1:
      found.code = readUint32(reader, layout);
      return true;
    case 2:
      return readSpan(reader, layout, found.detail);
    default:
      return false;
  }
};

/** The outer message of a handshake is always the same: the envelope, then what it envelops. A body that is left out is an empty one. */
function frame(readBody: FieldReader<Arrival>): FieldReader<Arrival> {
  return (reader, field, layout, arrival) => {
    switch (field) {
      case 1:
        return arrival.readEnvelope(reader, layout);
      case 2:
        return readNested(reader, layout, readBody, arrival);
      default:
        return false;
    }
  };
}

/** Reads a `GossipHeartbeatMessage`. */
const readHeartbeat: FieldReader<Arrival> = (reader, field, layout, arrival) => {
  switch (field) {
    case 1:
      arrival.sentAt = readTime(reader, layout);
      return true;
    case 2:
      return arrival.readDigestEntry(reader, layout);
    case 16:
      arrival.fingerprint = readFingerprint(reader, layout);
      return true;
    case 17:
      arrival.buckets = readFingerprints(reader, layout, BUCKETS);
      return true;
    default:
      return false;
  }
};

/** Reads a `GossipDiffMessage`. */
const readDiff: FieldReader<Arrival> = (reader, field, layout, arrival) => {
  switch (field) {
    case 1:
      return arrival.readDeltaEntry(reader, layout);
    case 2:
      return arrival.readDigestEntry(reader, layout);
    case 16:
      arrival.fingerprint = readFingerprint(reader, layout);
      return true;
    case 17:
      arrival.inSync = readBool(reader, layout);
      return true;
    case 18:
      arrival.pushOnly = readBool(reader, layout);
      return true;
    case 19:
      arrival.scope = readFixed32(reader, layout);
      return true;
    default:
      return false;
  }
};

/** Reads a `GossipDeltaMessage`. */
const readDelta: FieldReader<Arrival> = (reader, field, layout, arrival) =>
  field === 1 && arrival.readDeltaEntry(reader, layout);

const readProbe: FieldReader<Arrival> = (reader, field, layout, arrival) => {
  switch (field) {
    case 1:
      return arrival.readEnvelope(reader, layout);
    case 2:
      return arrival.readTarget(reader, layout);
    default:
      return false;
  }
};

const readProbeAnswer: FieldReader<Arrival> = (reader, field, layout, arrival) => {
  switch (field) {
    case 1:
      return arrival.readEnvelope(reader, layout);
    case 2:
      arrival.reached = readBool(reader, layout);
      return true;
    default:
      return false;
  }
};
