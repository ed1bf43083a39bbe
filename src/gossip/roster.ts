import type { NodeId } from '../base/brands.ts';
import { FingerprintIndex } from '../store/fingerprint-index.ts';
import type { MemberRecord } from '../store/record.ts';

/**
 * A mesh that has formed: the records of all its members. Nodes of one process that know it from their start share it, and each keeps only what
 * becomes different for it; else ten thousand simulated nodes would keep a hundred million records.
 */
export class Roster {
  readonly records: ReadonlyMap<NodeId, MemberRecord>;
  /** Of all records. */
  readonly fingerprints = new FingerprintIndex();

  /** @param records of members that live, each under an id of its own */
  constructor(records: readonly MemberRecord[]) {
    this.records = new Map(records.map((record) => [record.id, record]));
    for (const record of this.records.values()) this.fingerprints.replace(undefined, record);
  }
}
