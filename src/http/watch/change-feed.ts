import type { NodeId, UnixMillis } from '../../base/brands.ts';
import type { MembershipPort, ShownMember } from '../port.ts';

/** A change of what the node shows of one member. */
export interface MemberChange {
  /** Rises by one with every change. */
  readonly sequence: number;
  /** Wall time at which this node learned of it. */
  readonly at: UnixMillis;
  /** Absent for a new member. */
  readonly before?: ShownMember;
  /** Absent for a member that is shown no more. */
  readonly after?: ShownMember;
}

/**
 * How much memory the journal may hold, by the estimate of {@link weightOf}. It is some 16,000 changes of members with a few labels:
 * room for every member of the largest mesh to change at once.
 */
const JOURNAL_BYTES = 16 << 20;

export interface ChangeFeedOptions {
  readonly port: MembershipPort;
  /** Wall time. */
  readonly now: () => UnixMillis;
  /** Tells the sequence of this process from those of its former lives. */
  readonly epoch: string;
  /** How much the journal may hold. For tests. */
  readonly journalBytes?: number;
}

/**
 * Numbers the changes of the memberlist and keeps the latest of them in a journal of bounded size. `lastSeen` alone is no change. A
 * reader remembers the number of the last change that it has seen and asks for the next one, so that a slow reader costs nothing.
 *
 * It is made before the node starts, and so learns of every member when it appears.
 */
export class ChangeFeed {
  readonly epoch: string;
  readonly #port: MembershipPort;
  readonly #now: () => UnixMillis;
  readonly #capacity: number;
  readonly #known = new Map<NodeId, ShownMember>();
  /** By sequence, without a gap, the oldest first. */
  readonly #journal = new Map<number, MemberChange>();
  readonly #listeners = new Set<(change: MemberChange) => void>();
  readonly #unsubscribe: () => void;
  #weight = 0;
  #sequence = 0;

  constructor({ port, now, epoch, journalBytes = JOURNAL_BYTES }: ChangeFeedOptions) {
    this.epoch = epoch;
    this.#port = port;
    this.#now = now;
    this.#capacity = journalBytes;
    this.#unsubscribe = port.subscribe((id, member) => this.#take(id, member));
  }

  /** The number of the latest change; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The members as they are after the latest change, sorted by id. */
  members(): readonly ShownMember[] {
    return this.#port.members();
  }

  /** Tells whether every change after the one with this number is still in the journal. */
  reachesBackTo(sequence: number): boolean {
    return sequence <= this.#sequence && sequence >= this.#sequence - this.#journal.size;
  }

  /** The change with this number; undefined when it is not, or no longer, in the journal. */
  change(sequence: number): MemberChange | undefined {
    return this.#journal.get(sequence);
  }

  /**
   * Calls a listener with every change to come.
   *
   * @returns ends the subscription
   */
  subscribe(listener: (change: MemberChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes in no more changes. */
  close(): void {
    this.#unsubscribe();
    this.#listeners.clear();
  }

  #take(id: NodeId, after: ShownMember | undefined): void {
    const before = this.#known.get(id);
    if (isSame(before, after)) return;
    if (after === undefined) this.#known.delete(id);
    else this.#known.set(id, after);
    this.#sequence += 1;
    const change: MemberChange = {
      sequence: this.#sequence,
      at: this.#now(),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    this.#record(change);
    for (const listener of this.#listeners) listener(change);
  }

  #record(change: MemberChange): void {
    this.#journal.set(change.sequence, change);
    this.#weight += weightOf(change);
    for (const [sequence, oldest] of this.#journal) {
      if (this.#weight <= this.#capacity) return;
      this.#journal.delete(sequence);
      this.#weight -= weightOf(oldest);
    }
  }
}

/** About what a change costs in bytes, with the frames that are made of it: its member as an object, as MessagePack and as JSON. */
function weightOf({ before, after }: MemberChange): number {
  return 512 + 3 * ((after ?? before)?.metadata.length ?? 0);
}

function isSame(a: ShownMember | undefined, b: ShownMember | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.version === b.version && a.state === b.state && a.left === b.left && a.address === b.address;
}
