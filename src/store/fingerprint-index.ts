import { BUCKETS, Fingerprint, type Scope } from './fingerprint.ts';
import type { MemberRecord } from './record.ts';

/**
 * The fingerprint of a changing set of records, and of each bucket of it. A change costs the same in a mesh of three and of a thousand
 * (protocol, section 3.1).
 */
export class FingerprintIndex {
  readonly #buckets: Fingerprint[];
  #whole: Fingerprint;

  /** @param begins what it is the index of at first; default: nothing */
  constructor(begins?: FingerprintIndex) {
    this.#buckets =
      begins === undefined ? Array.from({ length: BUCKETS }, () => Fingerprint.NONE) : [...begins.buckets];
    this.#whole = begins?.whole ?? Fingerprint.NONE;
  }

  /** Of all records together. */
  get whole(): Fingerprint {
    return this.#whole;
  }

  /** Of each bucket, by its number. */
  get buckets(): readonly Fingerprint[] {
    return this.#buckets;
  }

  /** A member's record in the set was replaced; undefined where there was or is none. */
  replace(before: MemberRecord | undefined, after: MemberRecord | undefined): void {
    const bucket = (after ?? before)?.bucket;
    if (bucket === undefined) return;
    const change = (before?.fingerprint ?? Fingerprint.NONE).xor(after?.fingerprint ?? Fingerprint.NONE);
    this.#whole = this.#whole.xor(change);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? Fingerprint.NONE).xor(change);
  }

  /** The buckets in which another node holds something else. */
  difference(theirs: readonly Fingerprint[]): Scope {
    let scope = 0;
    for (const [bucket, ours] of this.#buckets.entries()) {
      if (!ours.equals(theirs[bucket])) scope |= 1 << bucket;
    }
    return scope >>> 0;
  }
}
