/** How much a peer may send. What is beyond is refused before it is built. */
export interface WireLimits {
  /** Entries in one map of a message. Default 10,000. Must not be below the `maxMembers` of the gossip configuration. */
  readonly maxMembers: number;
  /** Bytes of one member's encoded metadata. Default 8 KiB. */
  readonly maxMetadataBytes: number;
  /** Bytes of one message. Default 4 MiB, which is also gRPC's own default. */
  readonly maxMessageBytes: number;
}

export const DEFAULT_WIRE_LIMITS: WireLimits = Object.freeze({
  maxMembers: 10_000,
  maxMetadataBytes: 8 * 1024,
  maxMessageBytes: 4 * 1024 * 1024,
});
