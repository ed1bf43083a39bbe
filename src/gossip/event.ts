import type { Millis, NodeId, Version } from '../base/brands.ts';
import type { PeerState } from '../store/record.ts';
import type { ExchangeFailure } from './input.ts';
import type { MessageRefusal, RecordRefusal } from './messages.ts';
import type { Reachability } from './view.ts';

/** What came of asking another node. `unanswered`: it did not say, or does not know the call. */
export type ProbeResult = 'reached' | 'unreached' | 'unanswered';

/** What happened, for logs and metrics to render. Nothing in the protocol depends on anyone reading these. */
export type GossipEvent =
  /** What this node shows of a member has changed; `from` is absent for a new member, `to` for one that was removed. */
  | {
      readonly kind: 'memberChanged';
      readonly id: NodeId;
      readonly address: string;
      readonly from?: PeerState;
      readonly to?: PeerState;
      readonly left: boolean;
      readonly version: Version;
    }
  /** `inSync`: both held the same, so that neither digest nor delta was sent. */
  | {
      readonly kind: 'handshakeFinished';
      readonly side: 'client' | 'server';
      readonly inSync: boolean;
      readonly took?: Millis;
    }
  | {
      readonly kind: 'handshakeFailed';
      readonly peer?: NodeId;
      readonly address: string;
      readonly reason: ExchangeFailure | 'wrong_peer' | 'wrong_mesh';
    }
  /** Another node was asked whether it reaches a member that did not answer this one. */
  | { readonly kind: 'probed'; readonly id: NodeId; readonly result: ProbeResult }
  /** This node looked for another one whether it reaches a member. */
  | { readonly kind: 'probeServed'; readonly reached: boolean }
  /** Whether this node itself reaches a member has changed. */
  | { readonly kind: 'reachabilityChanged'; readonly id: NodeId; readonly reachability: Reachability }
  /** News was passed on without waiting for the timer. */
  | { readonly kind: 'newsPushed'; readonly peers: number; readonly records: number }
  /** This node accused a member in public on its own failures. */
  | { readonly kind: 'accused'; readonly id: NodeId; readonly state: PeerState; readonly failures: number }
  /** This node answered an accusation, or a former life, with a new version of its own. */
  | { readonly kind: 'refuted'; readonly version: Version; readonly of: PeerState }
  | { readonly kind: 'isolated'; readonly cycles: number }
  | { readonly kind: 'reconnected'; readonly after: number }
  | { readonly kind: 'lateCycle'; readonly late: Millis }
  | { readonly kind: 'duplicateId'; readonly id: NodeId; readonly ownAddress: string; readonly otherAddress: string }
  | {
      readonly kind: 'messageRefused';
      readonly reason: MessageRefusal;
      readonly source: NodeId;
      readonly detail: string;
    }
  | {
      readonly kind: 'recordRefused';
      readonly reason: RecordRefusal;
      readonly source: NodeId;
      readonly id: NodeId;
    }
  | { readonly kind: 'joined'; readonly target: string; readonly peer: NodeId }
  /** A bootstrap target gave no live peer; it is tried again. */
  | { readonly kind: 'joinFailed'; readonly target: string; readonly attempts: number }
  /** A dead member is forgotten at the operator's word. */
  | { readonly kind: 'forgotten'; readonly id: NodeId }
  | { readonly kind: 'leaving' };
