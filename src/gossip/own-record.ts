import { isVersion, type NodeId, type UnixMillis, type Version } from '../base/brands.ts';
import { invariant } from '../base/invariant.ts';
import { type Claim, MemberRecord } from '../store/record.ts';
import type { Context } from './context.ts';
import { IdentityWatch } from './identity-watch.ts';
import type { Identity } from './input.ts';

/** How far past a former life a node goes at the most: a second's worth of versions. */
const MAX_STRIDE = 1_000;

/**
 * What this node says of itself. It alone raises the version, always to `max(held + 1, now)`: a restarted node is newer than its
 * former life with no disk at all (protocol, section 2).
 */
export class OwnRecord {
  readonly #context: Context;
  readonly #identity = new IdentityWatch();
  #record: MemberRecord;

  /** @param former the version of a former life, from a snapshot */
  constructor(context: Context, identity: Identity, former: Version | undefined) {
    this.#context = context;
    this.#record = firstRecord(identity, context.now.wall, former);
  }

  get record(): MemberRecord {
    return this.#record;
  }

  /** Addresses of other live nodes that claim this id at present. */
  duplicateAddresses(): readonly string[] {
    return this.#identity.duplicates(this.#context.now.monotonic);
  }

  /** Says something new: other metadata, or goodbye. */
  speak(news: { readonly metadata?: Uint8Array; readonly leave?: true }): MemberRecord {
    const leave = news.leave ?? this.#record.left;
    const claim: Claim = {
      version: this.#next(this.#record.version),
      state: leave ? 'DEAD' : 'HEALTHY',
      left: leave,
      address: this.#record.address,
    };
    this.#record = new MemberRecord(this.#record.id, claim, news.metadata ?? this.#record.metadata);
    return this.#record;
  }

  /**
   * Hears what somebody holds of this node. A claim above the own version, or at it with another content, is answered with
   * a version above it; so accusations are refuted and a clock that was set back heals itself in one handshake.
   *
   * @param metadata the claim's metadata, where it came with some
   * @returns the new record when there was something to answer
   */
  hear(claim: Claim, source: NodeId, metadata?: Uint8Array): MemberRecord | undefined {
    const own = this.#record;
    const above = claim.version > own.version;
    if (!above && !(claim.version === own.version && this.#differs(claim, metadata))) return undefined;
    const { now, config } = this.#context;
    if (claim.version > now.wall + config.maxVersionLead || !isVersion(claim.version + 1)) {
      this.#context.tell({ kind: 'recordRefused', reason: 'version_ahead', source, id: own.id });
      return undefined;
    }
    if (above && !this.#mayAnswerStranger(claim)) return undefined;
    this.#record = new MemberRecord(
      own.id,
      { version: this.#next(above ? this.#past(claim.version) : claim.version), ...this.#rest() },
      own.metadata,
    );
    this.#context.tell({ kind: 'refuted', version: this.#record.version, of: claim.state });
    return this.#record;
  }

  /** Tells whether another node's digest shows exactly this record: then it is this very node that answered. */
  isMirroredBy(claim: Claim | undefined): boolean {
    return claim?.version === this.#record.version && claim.address === this.#record.address;
  }

  #differs(claim: Claim, metadata: Uint8Array | undefined): boolean {
    const own = this.#record;
    if (claim.state !== own.state || claim.left !== own.left || claim.address !== own.address) return true;
    return metadata !== undefined && !sameBytes(metadata, own.metadata);
  }

  /** A version above the own one was written by another life of this id: a former one, or one that is lived elsewhere. */
  #mayAnswerStranger(claim: Claim): boolean {
    const { now } = this.#context;
    const verdict = this.#identity.round(claim, this.#record.address, now.monotonic);
    if (verdict.report) {
      this.#context.tell({
        kind: 'duplicateId',
        id: this.#record.id,
        ownAddress: this.#record.address,
        otherAddress: claim.address,
      });
    }
    return verdict.answer;
  }

  #rest(): Omit<Claim, 'version'> {
    const { state, left, address } = this.#record;
    return { state, left, address };
  }

  /**
   * A number past that of another life, by a random stride. Two lives with clocks set back that meet the same former life out of
   * each other's sight would else choose the same version for different contents, which no digest could tell apart.
   */
  #past(version: Version): Version {
    const strode = version + this.#context.random.below(MAX_STRIDE);
    return isVersion(strode) && isVersion(strode + 1) ? strode : version;
  }

  #next(above: Version): Version {
    return nextVersion(above, this.#context.now.wall);
  }
}

/**
 * What a node says of itself when it comes up.
 *
 * @param wall when that is
 * @param former the version of a former life, if one is known
 */
export function firstRecord(identity: Identity, wall: UnixMillis, former?: Version): MemberRecord {
  const { id, address, metadata } = identity;
  return new MemberRecord(id, { version: nextVersion(former, wall), state: 'HEALTHY', left: false, address }, metadata);
}

function nextVersion(above: Version | undefined, wall: UnixMillis): Version {
  const version = Math.max((above ?? -1) + 1, Math.floor(wall));
  invariant(isVersion(version), `version ${version} is out of range`);
  return version;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
