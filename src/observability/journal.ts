import type { NodeId, UnixMillis, Version } from '../base/brands.ts';
import type { NodeMetadata } from '../base/metadata.ts';
import type { GossipEvent } from '../gossip/event.ts';
import { type Facts, type FieldChange, fieldChanges } from './field-changes.ts';

/** How many changes are kept: some hours of a restless mesh, and a page that is still read. */
export const JOURNAL_CAPACITY = 200;

type MemberChanged = Extract<GossipEvent, { readonly kind: 'memberChanged' }>;

/**
 * What became of a member as this node shows it. `renewed`: it raised its version and nothing else, as after a quick restart or a
 * refutation. `removed`: its time in the list was over. `isolated` and `reconnected` are of this node itself.
 */
export type JournalKind =
  | 'joined'
  | 'suspected'
  | 'died'
  | 'left'
  | 'returned'
  | 'changed'
  | 'renewed'
  | 'removed'
  | 'isolated'
  | 'reconnected';

/** One thing that happened. */
export interface JournalEntry {
  /** Counts from 1 in each life of the process, without gaps. */
  readonly seq: number;
  /** When this node noticed. */
  readonly at: UnixMillis;
  readonly kind: JournalKind;
  readonly id: NodeId;
  /** What was shown of the member before; absent for one that was not shown. */
  readonly from?: NonNullable<MemberChanged['from']>;
  /** What is shown of it now; absent for one that is no longer shown. */
  readonly to?: NonNullable<MemberChanged['to']>;
  /** The version of the member's record; absent where the entry is of no record. */
  readonly version?: Version;
  /** What the member tells otherwise than before. */
  readonly changes: readonly FieldChange[];
}

/** The last changes of the membership, in memory. The oldest makes room for the newest. */
export class Journal {
  readonly #self: NodeId;
  readonly #entries: JournalEntry[] = [];
  readonly #known = new Map<NodeId, Facts>();
  #seq = 0;

  /** @param self the node's own id */
  constructor(self: NodeId) {
    this.#self = self;
  }

  /** All that is kept, the oldest first. */
  entries(): readonly JournalEntry[] {
    return this.#entries.slice();
  }

  /**
   * Writes down what an event means for the membership, if anything.
   *
   * @param metadata what the member of the event tells now; undefined when it is not known
   */
  note(event: GossipEvent, at: UnixMillis, metadata: NodeMetadata | undefined): void {
    if (event.kind === 'isolated' || event.kind === 'reconnected') {
      this.#add({ at, kind: event.kind, id: this.#self, changes: [] });
    } else if (event.kind === 'memberChanged') {
      this.#noteMember(event, at, metadata);
    }
  }

  #noteMember(event: MemberChanged, at: UnixMillis, metadata: NodeMetadata | undefined): void {
    const { id, address, from, to, version } = event;
    const before = this.#known.get(id);
    const now = metadata === undefined ? undefined : { address, metadata };
    if (to === undefined) this.#known.delete(id);
    else if (now !== undefined) this.#known.set(id, now);
    const changes = before === undefined || now === undefined ? [] : fieldChanges(before, now);
    const kind = kindOf(event, changes.length > 0);
    if (kind === undefined) return;
    const states = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    this.#add({ at, kind, id, ...states, version, changes });
  }

  #add(entry: Omit<JournalEntry, 'seq'>): void {
    this.#seq += 1;
    this.#entries.push({ seq: this.#seq, ...entry });
    if (this.#entries.length > JOURNAL_CAPACITY) this.#entries.shift();
  }
}

function kindOf({ from, to, left }: MemberChanged, changed: boolean): JournalKind | undefined {
  if (to === undefined) return 'removed';
  if (from === undefined) return 'joined';
  if (from !== to) {
    if (to === 'HEALTHY') return 'returned';
    if (to === 'SUSPECTED_DEAD') return 'suspected';
    return left ? 'left' : 'died';
  }
  if (changed) return 'changed';
  // A new version of a member that is doubted or dead says nothing that is shown.
  return to === 'HEALTHY' ? 'renewed' : undefined;
}
