import type { Millis, NodeId, UnixMillis } from '../base/brands.ts';
import { compareClaims, type Digest } from '../store/record.ts';
import type { Context } from './context.ts';
import type { Membership } from './membership.ts';
import type { Peer } from './peer.ts';

/**
 * Tells the dead from the living by counting cycles with failed handshakes.
 *
 * The intuition: one failed handshake says little (a lost packet, a busy peer), several in a row say much, but only about the
 * link between two nodes, and a link has two ends. So a failure counts fully only if in the same cycle this node heard from somebody
 * else, which shows that its own end works. Failures of silent cycles are doubtful: they count for what this node shows,
 * and are forgotten with the first contact. The price is a cycle or two of delay on links so bad that whole cycles
 * stay silent; what it buys is that a node coming back from a cut cable or a stopped process accuses nobody.
 */
export class FailureDetector {
  readonly #context: Context;
  readonly #membership: Membership;
  /** Peers under watch, the first to fail first. They are contacted in every cycle, as many at a time as there are places. */
  readonly #watched = new Map<NodeId, Peer>();
  /** Peers with an isolation verdict that is still shown. */
  readonly #doubted = new Map<NodeId, Peer>();
  #heard = false;
  #silentCycles = 0;
  #isolated = false;
  #lastContact: UnixMillis | undefined;
  /** Handshakes begun before this cycle say nothing: the node was not running as it should. */
  #voidBefore = -1;

  constructor(context: Context, membership: Membership) {
    this.#context = context;
    this.#membership = membership;
  }

  get isolated(): boolean {
    return this.#isolated;
  }

  /** Nobody is under watch. */
  get isCalm(): boolean {
    return this.#watched.size === 0;
  }

  /** The running cycle began late. */
  get isLate(): boolean {
    return this.#context.cycle === this.#voidBefore;
  }

  /** When there was last evidence of life of anybody; undefined before the first time. Only for showing. */
  get lastContact(): UnixMillis | undefined {
    return this.#lastContact;
  }

  /**
   * Peers to contact in this cycle besides the random ones. First come those that follow this node in the ring of ids, up to the first that
   * has not failed: so in a mass crash each of the dead is followed by the nearest before it that lives. What is left of the places goes to
   * the first to fail, who keep them until they answer or are DEAD, or more of the ring have failed.
   */
  followed(): readonly NodeId[] {
    const places = 2 * this.#context.config.gossipFactor;
    for (const id of this.#watched.keys()) {
      const shown = this.#membership.shown(id);
      if (shown === undefined || shown === 'DEAD') this.#watched.delete(id);
    }
    const followed = new Set(this.#failedNext(places));
    for (const id of this.#watched.keys()) {
      if (followed.size === places) break;
      followed.add(id);
    }
    return [...followed];
  }

  /** The peer of which there was evidence of life last and that is not under watch. */
  heardLast(): NodeId | undefined {
    let last: Peer | undefined;
    for (const peer of this.#membership.peers.values()) {
      const shown = this.#membership.shown(peer.id);
      if (shown === undefined || shown === 'DEAD' || this.#watched.has(peer.id)) continue;
      if (last === undefined || peer.evidenceAt > last.evidenceAt) last = peer;
    }
    return last?.id;
  }

  /** What failed of that cycle tells of this node, not of its peers. */
  isVoid(cycle: number): boolean {
    return cycle < this.#voidBefore;
  }

  isWatched(peer: Peer): boolean {
    return this.#watched.has(peer.id);
  }

  /** Follows a peer although nothing counts against it yet. */
  watch(peer: Peer): void {
    this.#watched.set(peer.id, peer);
  }

  /** A handshake with a peer failed that was begun in `cycle` at `startedAt`. */
  failed(peer: Peer, cycle: number, startedAt: Millis): void {
    const stale = this.isVoid(cycle) || peer.evidenceAt > startedAt;
    if (stale || !peer.countFailure(cycle)) return;
    this.#watched.set(peer.id, peer);
  }

  /**
   * There was evidence of life of a member (protocol, section 1).
   *
   * @param peer the member; undefined when it spoke but is not known as a live member yet
   */
  evidence(peer: Peer | undefined): void {
    if (peer !== undefined) this.#acquit(peer);
    this.#heard = true;
    this.#lastContact = this.#context.now.wall;
    if (this.#silentCycles === 0) return;
    this.#endSilence();
  }

  /**
   * Another node shows these members as living. That voids isolation verdicts about them; their failures stay, as far as they are
   * not doubtful. A claim that is graver than the record held of the member is no such voice: its record comes with a delta, and
   * until then the member would be shown alive again.
   */
  vouch(digest: Digest): void {
    for (const [id, peer] of this.#doubted) {
      const claim = digest.get(id);
      const held = this.#membership.store.live.get(id);
      if (claim === undefined || claim.state === 'DEAD' || held === undefined || claim.version < held.version) continue;
      if (claim.state === 'SUSPECTED_DEAD' && compareClaims(claim, held) > 0) continue;
      this.#void(peer);
      if (peer.failures === 0) this.#watched.delete(id);
    }
  }

  /** A cycle has ended on time: its failures count. */
  settle(): void {
    if (!this.#heard) this.#silentCycles += 1;
    for (const peer of this.#watched.values()) {
      if (peer.pending === 0) continue;
      peer.failures += peer.pending;
      if (!this.#heard) peer.doubtful += peer.pending;
      peer.pending = 0;
      this.#judge(peer);
    }
    this.#heard = false;
    this.#noticeIsolation();
  }

  /** A cycle has begun late (stopped process, busy event loop): nothing that failed before it counts. */
  discard(): void {
    this.#voidBefore = this.#context.cycle;
    this.#heard = false;
    for (const peer of this.#watched.values()) peer.pending = 0;
    for (const peer of this.#membership.peers.values()) this.#membership.restartSuspicion(peer);
  }

  /** A suspicion has been held for its time: it becomes a death, or this node looks for itself. */
  sentence(id: NodeId, since: Millis): void {
    const peer = this.#membership.peers.get(id);
    if (peer?.suspicion?.since !== since) return;
    if (peer.suspicion.deadHeard) this.#membership.accuse(id, 'DEAD');
    else this.watch(peer);
  }

  /** The peers under watch that come next in the ring, up to the first that is not. */
  #failedNext(most: number): readonly NodeId[] {
    const run: NodeId[] = [];
    if (this.isCalm) return run;
    const { walk } = this.#membership;
    let next = walk.successor(this.#context.self, () => true);
    while (next !== undefined && run.length < most && this.#watched.has(next) && !run.includes(next)) {
      run.push(next);
      next = walk.successor(next, () => true);
    }
    return run;
  }

  #judge(peer: Peer): void {
    const { stalenessThreshold, deadThreshold } = this.#context.config;
    const certain = peer.failures - peer.doubtful;
    const state = certain >= deadThreshold ? 'DEAD' : 'SUSPECTED_DEAD';
    const shown = this.#membership.shown(peer.id);
    if (certain >= stalenessThreshold && this.#mayAccuse(peer, state)) {
      // In this order the member is never shown living between the private verdict and the public one.
      this.#membership.accuse(peer.id, state);
      this.#void(peer);
      this.#context.tell({ kind: 'accused', id: peer.id, state, failures: certain });
    } else if (peer.failures >= deadThreshold && shown !== 'DEAD') {
      this.#doubt(peer, 'DEAD');
    } else if (peer.failures >= stalenessThreshold && shown === 'HEALTHY') {
      this.#doubt(peer, 'SUSPECTED_DEAD');
    }
  }

  /** An accusation must be news, and is made only in a cycle in which somebody else was heard. */
  #mayAccuse(peer: Peer, state: 'SUSPECTED_DEAD' | 'DEAD'): boolean {
    const held = this.#membership.store.live.get(peer.id)?.state;
    return this.#heard && held !== undefined && held !== 'DEAD' && held !== state;
  }

  #doubt(peer: Peer, state: 'SUSPECTED_DEAD' | 'DEAD'): void {
    this.#membership.setIsolationVerdict(peer, state);
    this.#doubted.set(peer.id, peer);
  }

  #void(peer: Peer): void {
    this.#doubted.delete(peer.id);
    this.#membership.setIsolationVerdict(peer, undefined);
  }

  #acquit(peer: Peer): void {
    peer.lastSeen = this.#context.now.wall;
    peer.evidenceAt = this.#context.now.monotonic;
    peer.clearFailures();
    this.#watched.delete(peer.id);
    this.#void(peer);
    this.#membership.restartSuspicion(peer);
  }

  /**
   * The first contact after silent cycles: doubtful failures and the verdicts that rest on them are void; after so many silent cycles that
   * the node was isolated, all failures are. A member that nobody vouches for yet is shown as suspected and watched until it answers, is
   * vouched for, or fails anew; so one that really died meanwhile is not shown alive again. One that had left the memberlist waits
   * for evidence of life or for somebody's word.
   */
  #endSilence(): void {
    const wasCutOff = this.#silentCycles >= this.#context.config.stalenessThreshold;
    if (this.#isolated) this.#context.tell({ kind: 'reconnected', after: this.#silentCycles });
    this.#silentCycles = 0;
    this.#isolated = false;
    for (const peer of [...this.#watched.values(), ...this.#doubted.values()]) {
      if (wasCutOff) peer.clearFailures();
      else peer.forgetDoubtful();
    }
    for (const [id, peer] of this.#watched) {
      if (peer.failures === 0 && !this.#doubted.has(id)) this.#watched.delete(id);
    }
    for (const [id, peer] of this.#doubted) {
      // A public death or a goodbye has taken the place of the private verdict.
      if (peer.isolationVerdict === undefined) {
        this.#doubted.delete(id);
      } else if (!peer.isolationVerdict.retired) {
        this.#membership.setIsolationVerdict(peer, 'SUSPECTED_DEAD');
        this.watch(peer);
      }
    }
  }

  #noticeIsolation(): void {
    const isolated = this.#silentCycles >= this.#context.config.stalenessThreshold && this.#expectsSomebody();
    if (isolated && !this.#isolated) this.#context.tell({ kind: 'isolated', cycles: this.#silentCycles });
    this.#isolated = isolated;
  }

  /** By what is held in public somebody else is there; a node whose peers all left or died is alone, not isolated. */
  #expectsSomebody(): boolean {
    for (const id of this.#membership.peers.keys()) {
      if (this.#membership.store.live.get(id)?.state !== 'DEAD') return true;
    }
    return false;
  }
}
