import type { Millis, NodeId } from '../base/brands.ts';
import { compareRecords, type MemberRecord } from './record.ts';

/** A DEAD record kept after the member has left the memberlist, so that old news of it can not bring it back. */
export interface Tombstone {
  readonly record: MemberRecord;
  /** When the record was buried, by the monotonic clock. */
  readonly buriedAt: Millis;
}

/**
 * The records that a node holds: the live ones (everything that the memberlist shows, the lately dead included) and the
 * tombstones. An id is in one of the two or in none. Merging follows the lattice; whether a record may come in at all is for the
 * protocol to say, not for the store.
 */
export class RecordStore {
  readonly #live: Map<NodeId, MemberRecord>;
  readonly #tombstones = new Map<NodeId, Tombstone>();
  readonly #maxTombstones: number;
  #revision = 0;

  /** @param live the records that it begins with */
  constructor(maxTombstones: number, live = new Map<NodeId, MemberRecord>()) {
    this.#maxTombstones = maxTombstones;
    this.#live = live;
  }

  get live(): ReadonlyMap<NodeId, MemberRecord> {
    return this.#live;
  }

  /** In the order of their burial, the oldest first. */
  get tombstones(): ReadonlyMap<NodeId, Tombstone> {
    return this.#tombstones;
  }

  /** Rises with every change of a record, a tombstone's too: equal revisions of one store mean equal contents. */
  get revision(): number {
    return this.#revision;
  }

  /** The record held of a member, live or buried. */
  get(id: NodeId): MemberRecord | undefined {
    return this.#live.get(id) ?? this.#tombstones.get(id)?.record;
  }

  /**
   * Merges a record. A buried member whose DEAD record gets newer stays buried; any other greater record of it brings it back
   * among the living.
   *
   * @returns whether it was greater than what was held, and so replaced it
   */
  merge(record: MemberRecord): boolean {
    const held = this.get(record.id);
    if (held !== undefined && compareRecords(record, held) <= 0) return false;
    const tombstone = this.#tombstones.get(record.id);
    if (tombstone !== undefined && record.state === 'DEAD') {
      this.#tombstones.set(record.id, { ...tombstone, record });
    } else {
      this.#tombstones.delete(record.id);
      this.#live.set(record.id, record);
    }
    this.#revision += 1;
    return true;
  }

  /** Moves a live DEAD record among the tombstones. Past the limit the oldest tombstone goes. */
  bury(id: NodeId, now: Millis): void {
    const record = this.#live.get(id);
    if (record?.state !== 'DEAD') return;
    this.#live.delete(id);
    this.#tombstones.set(id, { record, buriedAt: now });
    this.#revision += 1;
    if (this.#tombstones.size <= this.#maxTombstones) return;
    for (const oldest of this.#tombstones.keys()) {
      this.#tombstones.delete(oldest);
      return;
    }
  }

  /** Forgets a member entirely, whatever is held of it. */
  forget(id: NodeId): void {
    if (this.#live.delete(id) || this.#tombstones.delete(id)) this.#revision += 1;
  }

  /** Forgets the tombstones that were buried at or before `deadline`. */
  expireTombstones(deadline: Millis): void {
    for (const [id, { buriedAt }] of this.#tombstones) {
      if (buriedAt > deadline) return;
      this.#tombstones.delete(id);
      this.#revision += 1;
    }
  }
}
