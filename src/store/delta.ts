import type { NodeId } from '../base/brands.ts';
import { type Scope, WHOLE } from './fingerprint.ts';
import { type Claim, compareClaims, type Digest, type MemberRecord } from './record.ts';
import type { RecordStore } from './record-store.ts';

/** Full records that another node lacks. */
export type Delta = readonly MemberRecord[];

/**
 * The most bytes that a record takes in a protobuf delta: its texts and metadata, and 64 for tags, lengths and numbers
 * (map entry 12, entry id 6, state 12, version 10, last_seen 10, peer_state 2, left 3, data 6, in all 61).
 */
export function recordBytes(record: MemberRecord): number {
  return 64 + 3 * record.id.length + record.address.length + record.metadata.length;
}

/** Collects records while they fit a budget of bytes. The first one always fits, so that nothing is too big to travel. */
export class DeltaBuilder {
  readonly #records: MemberRecord[] = [];
  readonly #budget: number;
  #bytes = 0;

  /** @param budget in bytes, as {@link recordBytes} counts them */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** @returns false when the record did not fit and was left out */
  add(record: MemberRecord): boolean {
    const bytes = recordBytes(record);
    if (this.#records.length > 0 && this.#bytes + bytes > this.#budget) return false;
    this.#records.push(record);
    this.#bytes += bytes;
    return true;
  }

  build(): Delta {
    return this.#records;
  }
}

/**
 * What the sender of a digest lacks: records that this store holds greater, and live members that the digest does not name.
 * A death is no news to one who does not know the member, so DEAD records go only to those whose digest names it; that is also
 * how a tombstone answers a digest that still believes in life.
 *
 * @param unspoken members that are not spoken of to anybody (isolation verdicts: protocol, section 4)
 * @param budget bytes that the delta may take. What does not fit goes next time; the members most behind go first, so no
 *   member starves. Versions are milliseconds, so the distance of two versions is how long the other side has been behind.
 * @param scope the buckets that the digest is about; a member of another bucket that it does not name is not lacking
 */
export function deltaFor(
  store: RecordStore,
  theirs: Digest,
  budget: number,
  unspoken: (id: NodeId) => boolean,
  scope: Scope = WHOLE,
): Delta {
  const lacking: { readonly record: MemberRecord; readonly behind: number }[] = [];
  for (const [id, record] of store.live) {
    if (!record.isWithin(scope) || unspoken(id)) continue;
    const known = theirs.get(id);
    if (known === undefined) {
      if (record.state !== 'DEAD') lacking.push({ record, behind: record.version });
    } else if (compareClaims(record, known) > 0) {
      lacking.push({ record, behind: distance(record, known) });
    }
  }
  for (const [id, known] of theirs) {
    const record = store.tombstones.get(id)?.record;
    if (record !== undefined && compareClaims(record, known) > 0) {
      lacking.push({ record, behind: distance(record, known) });
    }
  }
  lacking.sort((a, b) => b.behind - a.behind);
  const builder = new DeltaBuilder(budget);
  for (const { record } of lacking) {
    if (!builder.add(record)) break;
  }
  return builder.build();
}

function distance(ours: Claim, theirs: Claim): number {
  return ours.version - theirs.version;
}
