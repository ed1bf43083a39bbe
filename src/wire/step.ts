/** A step of a handshake that goes over a stream. */
export type Step = 'heartbeat' | 'diff';

/** A message on a stream: which step it is of, and the bytes of the request or the answer itself. */
export interface StepMessage {
  /** What the asker knows the step by: a uint32. 0 when none was told. */
  readonly number: number;
  readonly step: Step;
  readonly message: Buffer;
}

/** What is sent in the place of an answer when the step is refused. */
export interface StepRefusal {
  /** That of the step. */
  readonly number: number;
  readonly step: 'refused';
  /** The gRPC status code: a uint32. */
  readonly code: number;
  /** Why, for people. */
  readonly detail: string;
}
