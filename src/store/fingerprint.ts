/** Buckets by which two nodes narrow down where they differ: as many as a 32-bit {@link Scope} has bits. Part of the wire contract. */
export const BUCKETS = 32;

/** A set of buckets, one bit each, as an unsigned 32-bit number. */
export type Scope = number;

/** All buckets. */
export const WHOLE: Scope = 0xffff_ffff;

/** One more than the largest 32-bit number. */
const WORD = 2 ** 32;
/** Where the sums of the two halves begin. Part of the wire contract. */
const HIGH_SEED = 0x2545_f491;
const LOW_SEED = 0x9e37_79b9;

/**
 * 64 bits that stand for a set of claims, in two unsigned halves. Equal sets have equal fingerprints; different sets have different
 * ones but for one chance in 2^64. It tells differences apart, it does not keep out an attacker.
 */
export class Fingerprint {
  static readonly NONE = new Fingerprint(0, 0);
  readonly high: number;
  readonly low: number;

  constructor(high: number, low: number) {
    this.high = high;
    this.low = low;
  }

  /**
   * The fingerprint of what a digest tells of one member: two MurmurHash3 sums (Appleby, x86_32, of 32-bit words).
   *
   * @param version a safe integer
   * @param severity of the state, see `severity` in `record.ts`
   */
  static of(id: string, version: number, severity: number, address: string): Fingerprint {
    const sum = (seed: number): number => {
      let words = absorbText(seed, id);
      words = absorb(words, version % WORD);
      words = absorb(words, Math.floor(version / WORD));
      words = absorb(words, severity);
      return finish(absorbText(words, address));
    };
    return new Fingerprint(sum(HIGH_SEED), sum(LOW_SEED));
  }

  equals(other: Fingerprint | undefined): boolean {
    return other !== undefined && this.high === other.high && this.low === other.low;
  }

  /** Adds a claim to a set, or takes it out: exclusive or is its own inverse, and order-free. */
  xor(other: Fingerprint): Fingerprint {
    return new Fingerprint((this.high ^ other.high) >>> 0, (this.low ^ other.low) >>> 0);
  }
}

/** The bucket of a member: 0 to {@link BUCKETS} − 1, the same at every node. */
export function bucketOf(id: string): number {
  return finish(absorbText(LOW_SEED, id)) % BUCKETS;
}

/** Tells whether a scope holds a bucket. */
export function inScope(scope: Scope, bucket: number): boolean {
  return ((scope >>> bucket) & 1) === 1;
}

/** The length comes first, so that no two texts run into each other. */
function absorbText(sum: number, text: string): number {
  let words = absorb(sum, text.length);
  for (let at = 0; at < text.length; at += 1) words = absorb(words, text.charCodeAt(at));
  return words;
}

function absorb(sum: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e_2d51);
  mixed = (mixed << 15) | (mixed >>> 17);
  mixed = sum ^ Math.imul(mixed, 0x1b87_3593);
  mixed = (mixed << 13) | (mixed >>> 19);
  return (Math.imul(mixed, 5) + 0xe654_6b64) | 0;
}

function finish(sum: number): number {
  let mixed = Math.imul(sum ^ (sum >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
