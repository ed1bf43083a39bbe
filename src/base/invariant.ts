/** Thrown when the program contradicts itself. It is a bug of Muster, never the fault of a peer or of a user. */
export class InvariantError extends Error {
  readonly code = 'MUSTER_INVARIANT';
  override readonly name = 'InvariantError';
}

/**
 * States what must hold here.
 *
 * @throws {InvariantError} when it does not hold.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Makes a `switch` over a union exhaustive: it stops compiling when a case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${String(value)}`);
}
