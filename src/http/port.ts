import type { NodeId } from '../base/brands.ts';
import type { NodeMetadata } from '../base/metadata.ts';
import type { MemberView, Standing } from '../gossip/view.ts';
import type { JournalEntry } from '../observability/journal.ts';

/** A member with its metadata decoded, as the HTTP face shows it. */
export interface ShownMember extends MemberView {
  readonly decoded: NodeMetadata;
}

/** All that the HTTP face asks of a node. */
export interface MembershipPort {
  /** The local node's id and mesh. */
  readonly nodeId: string;
  readonly mesh: string;
  /** The members to show, sorted by id. */
  members(): readonly ShownMember[];
  /**
   * Tells a listener of every member whose record, or what is shown of it, has changed, with its new state; with none when it is shown
   * no more. The same state may be told more than once.
   *
   * @returns ends the subscription
   */
  subscribe(listener: (id: NodeId, member: ShownMember | undefined) => void): () => void;
  /** Rises whenever a member's record or what is shown of its state changes (not with `lastSeen` alone). */
  revision(): number;
  standing(): Standing;
  /** The last changes that the node noticed, the oldest first. */
  history(): readonly JournalEntry[];
  /** True while the gossip server listens. */
  listening(): boolean;
}
