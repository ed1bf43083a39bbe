import type { DeltaAnswer, Diff, Envelope, Heartbeat, Probe, ProbeAnswer } from '../../src/gossip/messages.ts';
import { recordBytes } from '../../src/store/delta.ts';
import {
  type Decoding,
  decodeDeltaResponse,
  decodeDiffRequest,
  decodeDiffResponse,
  decodeHeartbeatRequest,
  decodeProbeRequest,
  decodeProbeResponse,
} from '../../src/wire/decode.ts';
import {
  encodeDeltaResponse,
  encodeDiffRequest,
  encodeDiffResponse,
  encodeHeartbeatRequest,
  encodeProbeRequest,
  encodeProbeResponse,
} from '../../src/wire/encode.ts';

/** What HTTP/2 and gRPC add to a message once a connection is open: frame heads and compressed headers, measured on loopback. */
const FRAMING_BYTES = 70;
/** A digest entry without its id and address: tags, lengths, version, last_seen and state. */
const ENTRY_BYTES = 32;

/** Tags and lengths of an envelope and of what it envelops, and the protocol version. */
const ENVELOPE_BYTES = 14;
/** A fingerprint with its tag. */
const FINGERPRINT_BYTES = 10;

/** A message on its way: its size on the wire, and what its receiver gets; undefined when that can not be read. */
export interface Parcel<Message> {
  readonly bytes: number;
  readonly message: Message | undefined;
}

/** Brings messages from node to node, either through the production codec or as they are, with an estimate of their size. */
export interface Transport {
  heartbeat(message: Heartbeat): Parcel<Heartbeat>;
  diff(message: Diff): Parcel<Diff>;
  diffAnswer(message: Diff): Parcel<Diff>;
  deltaAnswer(message: DeltaAnswer): Parcel<DeltaAnswer>;
  probe(message: Probe): Parcel<Probe>;
  probeAnswer(message: ProbeAnswer): Parcel<ProbeAnswer>;
}

function coded<Message>(encode: (message: Message) => Buffer, decode: (bytes: Uint8Array) => Decoding<Message>) {
  return (message: Message): Parcel<Message> => {
    const bytes = encode(message);
    const decoded = decode(bytes);
    return { bytes: bytes.length + FRAMING_BYTES, message: decoded.ok ? decoded.value.message : undefined };
  };
}

/** Every message is encoded and decoded: the simulator exercises the wire format too. */
export const wireTransport: Transport = {
  heartbeat: coded(encodeHeartbeatRequest, decodeHeartbeatRequest),
  diff: coded(encodeDiffRequest, decodeDiffRequest),
  diffAnswer: coded(encodeDiffResponse, decodeDiffResponse),
  deltaAnswer: coded(encodeDeltaResponse, decodeDeltaResponse),
  probe: coded(encodeProbeRequest, decodeProbeRequest),
  probeAnswer: coded(encodeProbeResponse, decodeProbeResponse),
};

/** Messages are handed over as they are: for large meshes. */
export const directTransport: Transport = {
  heartbeat: estimated,
  diff: estimated,
  diffAnswer: estimated,
  deltaAnswer: estimated,
  probe: estimated,
  probeAnswer: estimated,
};

function estimated<Message extends Envelope & Partial<Diff & Heartbeat & Probe>>(message: Message): Parcel<Message> {
  let bytes = FRAMING_BYTES + ENVELOPE_BYTES + message.source.length + message.mesh.length;
  if (message.target !== undefined) bytes += message.target.length;
  if (message.fingerprint !== undefined) bytes += FINGERPRINT_BYTES;
  bytes += 8 * (message.buckets?.length ?? 0);
  for (const [id, entry] of message.digest ?? []) bytes += ENTRY_BYTES + id.length + entry.address.length;
  for (const record of message.delta ?? []) bytes += recordBytes(record);
  return { bytes, message };
}
