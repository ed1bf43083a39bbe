import type { NodeId, UnixMillis } from '../base/brands.ts';
import type { Delta } from '../store/delta.ts';
import type { Fingerprint, Scope } from '../store/fingerprint.ts';
import type { Digest } from '../store/record.ts';

/** Who speaks, and in which mesh. An empty mesh name comes from a peer that does not know the field. */
export interface Envelope {
  readonly source: NodeId;
  readonly mesh: string;
}

/**
 * First step, A → B: this is what I hold (`GossipHeartbeatRequest`). To a peer that knows fingerprints it may be told in three ways: by
 * the fingerprint alone, by the fingerprint and those of the buckets, or by the whole digest.
 */
export interface Heartbeat extends Envelope {
  readonly sentAt: UnixMillis;
  /** Empty where a fingerprint stands for it. */
  readonly digest: Digest;
  /** Of what the sender holds. Left out by a peer that does not know the field. */
  readonly fingerprint?: Fingerprint;
  /** Of each bucket, so that the answer can be about those that differ only. */
  readonly buckets?: readonly Fingerprint[];
}

/**
 * Second step, B → A, and third, A → B: this is what you lack, and this is what I hold (`GossipDiffResponse`,
 * `GossipDiffRequest`).
 */
export interface Diff extends Envelope {
  readonly delta: Delta;
  readonly digest: Digest;
  /** The sender only tells: it sends no digest and wants nothing back. */
  readonly pushOnly: boolean;
  /** Of what the sender holds. Left out by a peer that does not know the field. */
  readonly fingerprint?: Fingerprint;
  /** The answerer holds what the heartbeat's fingerprint says. Nothing else is said. */
  readonly inSync?: true;
  /** The buckets that delta and digest are about. Left out: all of them. */
  readonly scope?: Scope;
}

/** Fourth step, B → A: whatever you still lack (`GossipDeltaResponse`). */
export interface DeltaAnswer extends Envelope {
  readonly delta: Delta;
}

/** Asks another node to look whether it reaches a member (`ProbeRequest`). */
export interface Probe extends Envelope {
  readonly target: NodeId;
}

/** The answer: whether the member completed a handshake with the node that was asked (`ProbeResponse`). */
export interface ProbeAnswer extends Envelope {
  readonly reached: boolean;
}

/** Why a message is refused as a whole. The shell turns each into its gRPC status. */
export type MessageRefusal = 'wrong_mesh';

/** Why one record of a message is dropped by the core, while the rest is used. */
export type RecordRefusal = 'version_ahead' | 'too_many_members';
