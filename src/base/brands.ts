/**
 * Nominal types. They cost nothing at run time and stop the mix-ups that gossip protocols die of: a wall-clock time used
 * as a duration, a foreign string used as an identity, any number used as a version.
 */
declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** The identity of a member, unique in its mesh. At most {@link MAX_ID_BYTES} bytes of UTF-8, never empty. */
export type NodeId = Brand<string, 'NodeId'>;

/** The number of a record: a safe, non-negative integer that only the member itself raises (protocol, section 2). */
export type Version = Brand<number, 'Version'>;

/** Milliseconds of the monotonic clock: an instant since an arbitrary start, or the distance between two such instants. */
export type Millis = Brand<number, 'Millis'>;

/** Milliseconds of wall time since 1970-01-01T00:00:00Z. For versions and for showing, never for measuring a duration. */
export type UnixMillis = Brand<number, 'UnixMillis'>;

/** Longest identity, in bytes of UTF-8: that of a DNS name, which is what host names and pod names are. */
export const MAX_ID_BYTES = 253;

/** Both clocks as one reading. */
export interface Now {
  readonly monotonic: Millis;
  readonly wall: UnixMillis;
}

export const nodeId = (text: string): NodeId => text as NodeId;
export const millis = (value: number): Millis => value as Millis;
export const unixMillis = (value: number): UnixMillis => value as UnixMillis;

/** Tells whether a number may be a version: an integer from 0 to 2^53 − 1. */
export function isVersion(value: number): value is Version {
  return Number.isSafeInteger(value) && value >= 0;
}
