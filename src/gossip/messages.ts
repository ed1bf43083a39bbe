import type { NodeId, UnixMillis } from '../base/brands.ts';
import type { Delta } from '../store/delta.ts';
import type { Digest } from '../store/record.ts';

/** Who speaks, and in which mesh. An empty mesh name comes from a peer that does not know the field. */
export interface Envelope {
  readonly source: NodeId;
  readonly mesh: string;
}

/** First step, A → B: this is what I hold (`GossipHeartbeatRequest`). */
export interface Heartbeat extends Envelope {
  readonly sentAt: UnixMillis;
  readonly digest: Digest;
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
}

/** Fourth step, B → A: whatever you still lack (`GossipDeltaResponse`). */
export interface DeltaAnswer extends Envelope {
  readonly delta: Delta;
}

/** Why a message is refused as a whole. The shell turns each into its gRPC status. */
export type MessageRefusal = 'wrong_mesh';

/** Why one record of a message is dropped by the core, while the rest is used. */
export type RecordRefusal = 'version_ahead' | 'too_many_members';
