import type { NodeId } from '../base/brands.ts';
import type { DeltaAnswer, Diff, Heartbeat, Probe, ProbeAnswer } from './messages.ts';

/** Names one handshake that this node began; the shell hands it back with the outcome. */
export type ExchangeId = number;
/** Names one call that a peer made to this node; the shell made it up and matches the answer by it. */
export type CallId = number;

/** Why a call of ours had no answer that can be used. */
export type ExchangeFailure = 'unreachable' | 'timeout' | 'refused' | 'bad_answer';

/**
 * Everything that can happen to a node. The core is a function of these, in their order and at their times; a run is replayed by
 * feeding the same ones again.
 */
export type Input =
  /** The node comes up. The first input, exactly once. */
  | { readonly kind: 'start' }
  /** The time that {@link GossipCore.nextWakeAt} asked for has come. Harmless when it has not. */
  | { readonly kind: 'wake' }
  | { readonly kind: 'heartbeatReceived'; readonly call: CallId; readonly message: Heartbeat }
  | { readonly kind: 'diffReceived'; readonly call: CallId; readonly message: Diff }
  | { readonly kind: 'probeReceived'; readonly call: CallId; readonly message: Probe }
  | { readonly kind: 'heartbeatAnswered'; readonly exchange: ExchangeId; readonly message: Diff }
  | { readonly kind: 'diffAnswered'; readonly exchange: ExchangeId; readonly message: DeltaAnswer }
  | { readonly kind: 'probeAnswered'; readonly exchange: ExchangeId; readonly message: ProbeAnswer }
  | { readonly kind: 'exchangeFailed'; readonly exchange: ExchangeId; readonly reason: ExchangeFailure }
  /** A bootstrap target was resolved: its addresses (`host:port`), none when that failed. */
  | { readonly kind: 'resolved'; readonly target: string; readonly addresses: readonly string[] }
  /** The owner has something new to say about itself: its encoded metadata, whole. */
  | { readonly kind: 'metadataChanged'; readonly metadata: Uint8Array }
  /** The operator names further addresses to find the mesh by; those that are known already stay as they are. */
  | { readonly kind: 'join'; readonly targets: readonly BootstrapTarget[] }
  /** The operator wants a dead member to be forgotten by everybody. Without effect on one that is not DEAD. */
  | { readonly kind: 'forget'; readonly id: NodeId }
  /** The owner wants to leave the mesh. */
  | { readonly kind: 'leave' };

/** Addresses to find a mesh by: given by the operator, or remembered from a former life. */
export interface BootstrapTarget {
  /** `host:port`, `dns://name:port` or `dns+srv://_service._proto.name`. */
  readonly target: string;
  readonly origin: 'configured' | 'snapshot';
}

/** Who the node is when it comes up. */
export interface Identity {
  readonly id: NodeId;
  readonly address: string;
  readonly metadata: Uint8Array;
}
