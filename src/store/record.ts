import type { NodeId, UnixMillis, Version } from '../base/brands.ts';
import { bucketOf, Fingerprint, inScope, type Scope, WHOLE } from './fingerprint.ts';

/**
 * What a node says of a member.
 *
 * ```text
 *              accusation                accusation
 *   HEALTHY ────────────▶ SUSPECTED_DEAD ────────────▶ DEAD
 *      ▲                        │                       │
 *      └──── new version ───────┴───── new version ─────┘      (only the member itself raises its version)
 * ```
 *
 * At one version a record only ever moves to the right; to the left leads only a new version of the member's own.
 */
export type PeerState = 'HEALTHY' | 'SUSPECTED_DEAD' | 'DEAD';

export const PEER_STATES: readonly PeerState[] = ['HEALTHY', 'SUSPECTED_DEAD', 'DEAD'];

/** What a record claims, without the metadata: enough to say which of two records is the greater. */
export interface Claim {
  readonly version: Version;
  readonly state: PeerState;
  /** The member said goodbye itself. Only a DEAD record carries it. */
  readonly left: boolean;
  /** An operator has everybody forget the dead member. Only a DEAD record carries it. */
  readonly forgotten?: boolean;
  /** Where the member's gossip server listens: `host:port`, ASCII. */
  readonly address: string;
}

/** A claim as it stands in a digest, with when the sender last had evidence of life of the member. */
export class DigestEntry implements Claim {
  readonly version: Version;
  readonly state: PeerState;
  readonly left: boolean;
  readonly address: string;
  readonly lastSeen: UnixMillis;

  constructor(claim: Claim, lastSeen: UnixMillis) {
    this.version = claim.version;
    this.state = claim.state;
    this.left = claim.left;
    this.address = claim.address;
    this.lastSeen = lastSeen;
  }
}

/** All that a node holds, member by member (protocol, section 1). */
export type Digest = ReadonlyMap<NodeId, DigestEntry>;

/**
 * What is known of one member. Immutable, and always of this one class, which keeps the loops over a store fast.
 * The metadata stay the bytes that their owner encoded: they travel and compare unchanged.
 */
export class MemberRecord implements Claim {
  readonly id: NodeId;
  readonly version: Version;
  readonly state: PeerState;
  readonly left: boolean;
  readonly forgotten: boolean;
  readonly address: string;
  readonly metadata: Uint8Array;
  #fingerprint: Fingerprint | undefined;
  #bucket: number | undefined;

  constructor(id: NodeId, claim: Claim, metadata: Uint8Array) {
    this.id = id;
    this.version = claim.version;
    this.state = claim.state;
    this.left = claim.left;
    this.forgotten = claim.forgotten === true;
    this.address = claim.address;
    this.metadata = metadata;
  }

  /** Of what a digest tells of this record, so without the metadata. Made when it is first asked for. */
  get fingerprint(): Fingerprint {
    this.#fingerprint ??= Fingerprint.of(this.id, this.version, severity(this), this.address);
    return this.#fingerprint;
  }

  /** See {@link bucketOf}. */
  get bucket(): number {
    this.#bucket ??= bucketOf(this.id);
    return this.#bucket;
  }

  /** Tells whether a message about these buckets is about this record. */
  isWithin(scope: Scope): boolean {
    return scope === WHOLE || inScope(scope, this.bucket);
  }

  /** The same version of the same member in another state: an accusation. */
  accused(state: PeerState): MemberRecord {
    return new MemberRecord(this.id, { ...claimOf(this), state, left: false }, this.metadata);
  }

  /** The same death, to leave every memberlist at once. */
  forgottenByAll(): MemberRecord {
    return new MemberRecord(this.id, { ...claimOf(this), forgotten: true }, this.metadata);
  }
}

function claimOf(claim: Claim): Claim {
  return { version: claim.version, state: claim.state, left: claim.left, address: claim.address };
}

/**
 * How grave a claim is at its version. The member's own goodbye outweighs everything that others say of that version:
 * it is the owner's word. What an operator has everybody forget comes last.
 */
export function severity(claim: Claim): number {
  switch (claim.state) {
    case 'HEALTHY':
      return 0;
    case 'SUSPECTED_DEAD':
      return 1;
    case 'DEAD':
      if (claim.forgotten === true) return 4;
      return claim.left ? 3 : 2;
  }
}

/**
 * Orders two claims about one member by `(version, severity)`, then by the bytes of the address (protocol, section 2).
 * Addresses are ASCII, so the order of UTF-16 units is the order of bytes.
 *
 * @returns below zero when `a` is the lesser, above zero when it is the greater, zero when a digest can not tell them apart
 */
export function compareClaims(a: Claim, b: Claim): number {
  if (a.version !== b.version) return a.version - b.version;
  const graver = severity(a) - severity(b);
  if (graver !== 0) return graver;
  if (a.address === b.address) return 0;
  return a.address < b.address ? -1 : 1;
}

/** Orders two whole records of one member: a total order, so that every node picks the same one of any two. */
export function compareRecords(a: MemberRecord, b: MemberRecord): number {
  return compareClaims(a, b) || compareBytes(a.metadata, b.metadata);
}

/**
 * The join of the lattice: the greater of two records of one member. As the greater under a total order it is commutative,
 * associative and idempotent.
 */
export function mergeRecords(a: MemberRecord, b: MemberRecord): MemberRecord {
  return compareRecords(a, b) >= 0 ? a : b;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
