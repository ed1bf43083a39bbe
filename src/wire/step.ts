/** A step of a handshake that goes over a stream. */
export type Step = 'heartbeat' | 'diff';

/** A message on a stream: which step it is of, and the bytes of the request or the answer itself. */
export interface StepMessage {
  readonly step: Step;
  readonly message: Buffer;
}
