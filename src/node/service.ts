import type { Result } from '../base/result.ts';
import type { DeltaAnswer, Diff, Heartbeat, Probe, ProbeAnswer } from '../gossip/messages.ts';
import type { Delta } from '../store/delta.ts';
import {
  type Decoding,
  decodeDeltaResponse,
  decodeDiffRequest,
  decodeDiffResponse,
  decodeHeartbeatRequest,
  decodeProbeRequest,
  decodeProbeResponse,
} from '../wire/decode.ts';
import {
  encodeDeltaResponse,
  encodeDiffRequest,
  encodeDiffResponse,
  encodeHeartbeatRequest,
  encodeProbeRequest,
  encodeProbeResponse,
} from '../wire/encode.ts';
import type { Decoded, WireError } from '../wire/refusal.ts';
import type { Step } from '../wire/step.ts';

/** The service's full name, as in `proto/gossip.proto`. */
export const GOSSIP_SERVICE = 'muster.gossip.v1alpha1.GossipService';

/** Leaves bytes as they are, where gRPC asks for a codec. */
export const asIs = (bytes: Buffer): Buffer => bytes;

/**
 * The method over which the steps of many handshakes go on one stream. Its ends take the messages apart themselves: only then is it known of
 * which step each is.
 */
export const STREAM_STEPS = {
  path: `/${GOSSIP_SERVICE}/StreamSteps`,
  requestStream: true,
  responseStream: true,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
} as const;

/** A message from the wire: decoded and checked, or the reason why it can not be used. A decoder never throws. */
export type Incoming<Message> = Result<Decoded<Message>, WireError>;

export type Direction = 'sent' | 'received';

/** Counts what passes. */
export interface Traffic {
  /** A message of so many bytes. */
  bytes(direction: Direction, bytes: number): void;
  /** A delta of so many records, at least one. */
  delta(direction: Direction, records: number): void;
}

/** One method with the project's own codec on it, in the shape that gRPC takes for both its sides. */
export interface GossipMethod<Request, Response> {
  readonly path: string;
  /** What it is called on a stream; undefined where it can not go over one. */
  readonly step?: Step;
  /** Its server has to wait for somebody else, perhaps in vain: that no answer comes in time says nothing of the connection. */
  readonly waits?: true;
  readonly requestStream: false;
  readonly responseStream: false;
  readonly requestSerialize: (message: Request) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Incoming<Request>;
  readonly responseSerialize: (message: Response) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Incoming<Response>;
}

interface Codec<Message> {
  readonly encode: (message: Message) => Buffer;
  readonly decode: (bytes: Uint8Array) => Decoding<Message>;
}

/** The gossip service with hand-written codecs in place of the loader's generic objects, which are several times slower. */
export function gossipService(traffic: Traffic): {
  readonly sendHeartbeat: GossipMethod<Heartbeat, Diff>;
  readonly sendDiff: GossipMethod<Diff, DeltaAnswer>;
  readonly probe: GossipMethod<Probe, ProbeAnswer>;
} {
  function method<Request, Response>(
    name: string,
    request: Codec<Request>,
    response: Codec<Response>,
  ): GossipMethod<Request, Response> {
    return {
      path: `/${GOSSIP_SERVICE}/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (message) => counted(request.encode(message)),
      requestDeserialize: (bytes) => request.decode(countedIn(bytes)),
      responseSerialize: (message) => counted(response.encode(message)),
      responseDeserialize: (bytes) => response.decode(countedIn(bytes)),
    };
  }

  function counted(bytes: Buffer): Buffer {
    traffic.bytes('sent', bytes.length);
    return bytes;
  }

  function countedIn(bytes: Buffer): Buffer {
    traffic.bytes('received', bytes.length);
    return bytes;
  }

  /** Counts the deltas of the messages of a codec. */
  function withDelta<Message extends { readonly delta: Delta }>({ encode, decode }: Codec<Message>): Codec<Message> {
    const note = (direction: Direction, { delta }: Message): void => {
      if (delta.length > 0) traffic.delta(direction, delta.length);
    };
    return {
      encode: (message) => {
        note('sent', message);
        return encode(message);
      },
      decode: (bytes) => {
        const decoding = decode(bytes);
        if (decoding.ok) note('received', decoding.value.message);
        return decoding;
      },
    };
  }

  const diffRequest = withDelta({ encode: encodeDiffRequest, decode: decodeDiffRequest });
  const diffResponse = withDelta({ encode: encodeDiffResponse, decode: decodeDiffResponse });
  const deltaResponse = withDelta({ encode: encodeDeltaResponse, decode: decodeDeltaResponse });
  return {
    sendHeartbeat: {
      ...method('SendHeartbeat', { encode: encodeHeartbeatRequest, decode: decodeHeartbeatRequest }, diffResponse),
      step: 'heartbeat',
    },
    sendDiff: { ...method('SendDiff', diffRequest, deltaResponse), step: 'diff' },
    probe: {
      ...method(
        'Probe',
        { encode: encodeProbeRequest, decode: decodeProbeRequest },
        { encode: encodeProbeResponse, decode: decodeProbeResponse },
      ),
      waits: true,
    },
  };
}
