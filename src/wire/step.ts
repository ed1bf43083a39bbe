import protobuf from 'protobufjs/minimal.js';
import { err, ok, type Result } from '../base/result.ts';
import { readMessage, readSpan } from './fields.ts';
import { type WireError, wireErrorOf } from './refusal.ts';
import { Span } from './span.ts';

/** The steps of a handshake that go over a stream, with the number of their fields there, in a request as in an answer. */
const FIELDS = { heartbeat: 1, diff: 2 } as const;
const STEPS = ['heartbeat', 'diff'] as const;
/** The layout of a message in a message (Protocol Buffers, "Encoding"). */
const LENGTH = 2;

/** A step of a handshake that goes over a stream. */
export type Step = (typeof STEPS)[number];

/** A message on a stream: which step it is of, and the bytes of the request or the answer itself. */
export interface StepMessage {
  readonly step: Step;
  readonly message: Buffer;
}

/** Writes a `GossipStepRequest` or a `GossipStepResponse` around a message that is encoded already. */
export function encodeStep({ step, message }: StepMessage): Buffer {
  const writer = new protobuf.BufferWriter();
  const { buffer, byteOffset, length } = writer
    .uint32((FIELDS[step] << 3) | LENGTH)
    .bytes(message)
    .finish();
  return Buffer.from(buffer, byteOffset, length);
}

/**
 * Reads a `GossipStepRequest` or a `GossipStepResponse`, and leaves the message in it unread. It never throws.
 *
 * @returns the message as a piece of the same memory; or why there is none
 */
export function decodeStep(bytes: Buffer): Result<StepMessage, WireError> {
  const span = new Span();
  let found: Step | undefined;
  try {
    readMessage(
      new protobuf.Reader(bytes),
      (reader, field, layout) => {
        const step = STEPS.find((name) => FIELDS[name] === field);
        if (step === undefined) return false;
        // Of two members of a oneof the last one counts.
        found = step;
        return readSpan(reader, layout, span);
      },
      undefined,
    );
  } catch (error) {
    return err(wireErrorOf(error));
  }
  if (found === undefined) return err({ code: 'malformed', detail: 'no step of a handshake' });
  return ok({ step: found, message: bytes.subarray(span.start, span.end) });
}
