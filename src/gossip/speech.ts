import type { NodeId } from '../base/brands.ts';
import { type Delta, deltaFor } from '../store/delta.ts';
import { digestFor } from '../store/digest.ts';
import { BUCKETS, type Fingerprint, type Scope, WHOLE } from '../store/fingerprint.ts';
import type { Digest, MemberRecord } from '../store/record.ts';
import type { Context } from './context.ts';
import type { Membership } from './membership.ts';
import type { Diff, Envelope, Heartbeat } from './messages.ts';

/** How much a heartbeat tells of what its sender holds. */
export type Detail = 'fingerprint' | 'buckets' | 'digest';

/**
 * The least number of members at which the fingerprints of the buckets go before a digest. They cost 256 bytes and always a second call;
 * a digest costs about 60 bytes and some microseconds of processor time a member, each way.
 */
const NARROW_FROM = 64;

const NOTHING: Digest = new Map();

/**
 * Says what this node holds, in as few bytes as will do (protocol, section 3.1): to a peer that understands it the fingerprint alone
 * while nothing is new, the fingerprints of the buckets in a large mesh, and the digest otherwise.
 */
export class Speech {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #isBusy: () => boolean;
  /** What this node held when it last agreed with somebody. */
  #agreed: Fingerprint | undefined;
  /** The cycle in which this node last told more than its fingerprint. */
  #toldMoreIn = -1;

  /** @param isBusy tells whether news is being pushed at present */
  constructor(context: Context, membership: Membership, isBusy: () => boolean) {
    this.#context = context;
    this.#membership = membership;
    this.#isBusy = isBusy;
  }

  envelope(): Envelope {
    return { source: this.#context.self, mesh: this.#context.config.mesh };
  }

  /** How much to tell a peer at first. Who has held the same as somebody since its last change expects the others to hold it too. */
  detailFor(peer: NodeId | undefined): Detail {
    const known = peer === undefined ? undefined : this.#membership.peers.get(peer);
    if (known === undefined || known.isElder || known.isolationVerdict !== undefined) return 'digest';
    return this.#fingerprint.equals(this.#agreed) || !this.mayTellMore() ? 'fingerprint' : this.fullDetail();
  }

  /** How much to tell a peer that holds something else. */
  fullDetail(): Detail {
    return this.#isLarge ? 'buckets' : 'digest';
  }

  /**
   * Tells whether to go on with a peer that holds something else. While news is on its way in a large mesh nearly everybody does, and the
   * pushes level it: then one handshake in a cycle is enough to repair what they miss.
   */
  mayTellMore(): boolean {
    const { cycle } = this.#context;
    if (this.#isLarge && this.#isBusy() && this.#toldMoreIn === cycle) return false;
    this.#toldMoreIn = cycle;
    return true;
  }

  heartbeat(peer: NodeId | undefined, detail: Detail): Heartbeat {
    const { self, config, now } = this.#context;
    const digest = detail === 'digest' ? this.#digest(peer) : NOTHING;
    const message = { source: self, mesh: config.mesh, sentAt: now.wall, digest, fingerprint: this.#fingerprint };
    return detail === 'buckets' ? { ...message, buckets: [...this.#membership.fingerprints.buckets] } : message;
  }

  /** The second step at B: whatever answers a heartbeat best. */
  answer(heartbeat: Heartbeat): Diff {
    const { fingerprint, buckets, digest, source } = heartbeat;
    if (this.agreesWith(fingerprint)) return { ...this.#empty(), inSync: true };
    if (digest.size > 0 || fingerprint === undefined) return this.diff(digest, source, WHOLE);
    // Only the fingerprint: the caller has to say more.
    if (buckets?.length !== BUCKETS) return this.#empty();
    const scope = this.#membership.fingerprints.difference(buckets);
    return { ...this.#empty(), digest: this.#digest(source, scope), scope };
  }

  /** What a peer lacks by its digest, and what this node holds. */
  diff(theirs: Digest, peer: NodeId, scope: Scope): Diff {
    return {
      ...this.#empty(),
      delta: this.delta(theirs, scope),
      digest: this.#digest(peer, scope),
      ...(scope === WHOLE ? {} : { scope }),
    };
  }

  /** Tells these records and nothing else. */
  push(delta: readonly MemberRecord[]): Diff {
    return { ...this.#empty(), delta, pushOnly: true };
  }

  delta(theirs: Digest, scope: Scope): Delta {
    const { store, unspoken } = this.#membership;
    return deltaFor(store, theirs, this.#context.config.maxDeltaBytes, unspoken, scope);
  }

  /** Tells whether somebody holds the very same, and remembers it. */
  agreesWith(theirs: Fingerprint | undefined): boolean {
    if (!this.#fingerprint.equals(theirs)) return false;
    this.#agreed = theirs;
    return true;
  }

  get #isLarge(): boolean {
    return this.#membership.store.live.size >= NARROW_FROM;
  }

  get #fingerprint(): Fingerprint {
    return this.#membership.fingerprints.whole;
  }

  #empty(): Diff {
    const { self, config } = this.#context;
    const fingerprint = this.#fingerprint;
    return { source: self, mesh: config.mesh, delta: [], digest: NOTHING, pushOnly: false, fingerprint };
  }

  #digest(peer: NodeId | undefined, scope: Scope = WHOLE): Digest {
    return digestFor(this.#membership.store, peer, this.#membership.entry, this.#membership.unspoken, scope);
  }
}
