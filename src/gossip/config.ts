import { type Millis, millis } from '../base/brands.ts';

/**
 * The numbers of the protocol. Durations are milliseconds. Each says its default, a sensible range, and what raising it does.
 */
export interface GossipConfig {
  /** The name of the mesh. Two meshes never mix: a message that names another is refused. */
  readonly mesh: string;
  /**
   * Random peers that a node contacts each cycle. Default 3, sensible 2 to 6. News crosses a mesh of N in about
   * `log(N) / log(1 + 2 · gossipFactor)` cycles by push and pull; traffic grows in proportion.
   */
  readonly gossipFactor: number;
  /**
   * Contacts that a node begins in a cycle at the least while nothing happens, however many of others it answers. Default 1. As many as
   * `gossipFactor` or more: it does not count those of others, and traffic in peace nearly doubles.
   */
  readonly leastContacts: number;
  /** Length of a cycle. Default 1 s, sensible 200 ms to 10 s. Raising it slows detection and lowers traffic in proportion. */
  readonly gossipInterval: Millis;
  /**
   * Consecutive cycles with a failed handshake before a peer is accused (SUSPECTED_DEAD). Default 5, sensible 3 to 20.
   * Raising it tolerates worse links and delays detection by one interval a step.
   */
  readonly stalenessThreshold: number;
  /** Consecutive cycles with a failed handshake before a peer is DEAD. Default 10; greater than `stalenessThreshold`. */
  readonly deadThreshold: number;
  /** How long a DEAD member stays in the memberlist. Default 60 s. Raising it shows deaths longer. */
  readonly deadRetention: Millis;
  /** How long a tombstone is kept after that. Default 24 h. Must outlast the longest cut that the mesh may suffer. */
  readonly tombstoneTtl: Millis;
  /** Tombstones kept at the most, the oldest go first. Default 4,096. */
  readonly maxTombstones: number;
  /** How far a version may be ahead of the local wall clock. Default 24 h. Must exceed the worst clock error in the mesh. */
  readonly maxVersionLead: Millis;
  /** Bytes of records in one delta. Default 1 MiB, at most 3 MiB (a message may have 4 MiB with its digest). */
  readonly maxDeltaBytes: number;
  /** Members known at the most, the node itself included. Default 10,000. */
  readonly maxMembers: number;
  /** How long news waits for other news to go out with it. Default 5 ms. Raising it delays every hop by as much,
   * and saves calls only where news comes in quick succession. */
  readonly eagerWindow: Millis;
  /** The least time between two pushes of news. Default 100 ms. Raising it saves calls while much happens. */
  readonly eagerMinGap: Millis;
  /** How long a leaving node waits for its goodbye to be acknowledged. Default 5 s. */
  readonly leaveTimeout: Millis;
}

export const DEFAULT_GOSSIP_CONFIG: GossipConfig = Object.freeze({
  mesh: 'default',
  gossipFactor: 3,
  leastContacts: 1,
  gossipInterval: millis(1_000),
  stalenessThreshold: 5,
  deadThreshold: 10,
  deadRetention: millis(60_000),
  tombstoneTtl: millis(24 * 3_600_000),
  maxTombstones: 4_096,
  maxVersionLead: millis(24 * 3_600_000),
  maxDeltaBytes: 1 << 20,
  maxMembers: 10_000,
  eagerWindow: millis(5),
  eagerMinGap: millis(100),
  leaveTimeout: millis(5_000),
});
