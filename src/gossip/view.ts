import type { NodeId, UnixMillis, Version } from '../base/brands.ts';
import type { PeerState } from '../store/record.ts';

/** How this node reaches a member: by its own handshakes, or, as far as it knows, only others do. */
export type Reachability = 'direct' | 'indirect';

/** One member as this node shows it. */
export interface MemberView {
  readonly id: NodeId;
  readonly address: string;
  /** When this node last had evidence of life of the member (protocol, section 1); now, for the node itself. */
  readonly lastSeen: UnixMillis;
  readonly version: Version;
  readonly state: PeerState;
  /** The member said goodbye itself. */
  readonly left: boolean;
  readonly isLocal: boolean;
  readonly reachability: Reachability;
  /** The bytes that the owner encoded. */
  readonly metadata: Uint8Array;
}

/** How the node stands, for `/readyz`. */
export interface Standing {
  /** A first round has been tried: every bootstrap target of the first batch has answered or failed. */
  readonly firstRoundTried: boolean;
  readonly leaving: boolean;
  /** No evidence of life from anybody for `stalenessThreshold` cycles, though somebody should be there. */
  readonly isolated: boolean;
  /** Bootstrap targets that the node, being alone, is still waiting for. */
  readonly waitingFor: readonly string[];
  /** Addresses of other live nodes that claim this node's id. */
  readonly duplicateAddresses: readonly string[];
}
