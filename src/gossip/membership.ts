import { type Millis, millis, type NodeId, type UnixMillis } from '../base/brands.ts';
import { invariant } from '../base/invariant.ts';
import { OverlayMap } from '../base/overlay-map.ts';
import { FingerprintIndex } from '../store/fingerprint-index.ts';
import { compareRecords, DigestEntry, type MemberRecord, type PeerState } from '../store/record.ts';
import { RecordStore } from '../store/record-store.ts';
import type { Context } from './context.ts';
import type { RecordRefusal } from './messages.ts';
import { type IsolationVerdict, Peer } from './peer.ts';
import type { Roster } from './roster.ts';
import type { Reachability } from './view.ts';
import { ShuffledWalk } from './walk.ts';

/** What became of a record that somebody sent. `alive`: it is also evidence of life of its member. */
export type Learned = 'ignored' | 'merged' | 'alive';

/**
 * The members: their records, what this node knows of each at first hand, and what it shows of them. Every change of either goes
 * through here, so that lists, walk and events can not drift apart.
 */
export class Membership {
  readonly store: RecordStore;
  /** Members other than this node that are contacted at random: those not shown DEAD. */
  readonly walk: ShuffledWalk;
  /** Of all records that this node speaks of. */
  readonly fingerprints: FingerprintIndex;
  readonly #context: Context;
  readonly #news: (id: NodeId, source: NodeId | undefined) => void;
  readonly #peers: Map<NodeId, Peer>;
  /** Members whose death is shown or was shown, and that are not yet tombstones. */
  readonly #dead = new Set<NodeId>();
  readonly #unspoken = new Set<NodeId>();
  readonly #connected = new Set<NodeId>();
  #revision = 0;

  /**
   * @param news is told of every record that others may not know yet, and from whom it came
   * @param known the members that it begins with, itself included; default: none
   */
  constructor(context: Context, news: (id: NodeId, source: NodeId | undefined) => void, known?: Roster) {
    const { config, random, self, now } = context;
    this.#context = context;
    this.#news = news;
    this.fingerprints = new FingerprintIndex(known?.fingerprints);
    if (known === undefined) {
      this.store = new RecordStore(config.maxTombstones);
      this.#peers = new Map();
      this.walk = new ShuffledWalk(random);
    } else {
      this.store = new RecordStore(config.maxTombstones, new OverlayMap(known.records, (_, record) => record));
      this.#peers = new OverlayMap(known.records, (id) => new Peer(id, now.wall, now.monotonic));
      this.#peers.delete(self);
      this.walk = new ShuffledWalk(
        random,
        [...known.records.keys()].filter((id) => id !== self),
      );
    }
  }

  /** Rises with every change of a record or of what is shown of a member. */
  get revision(): number {
    return this.#revision;
  }

  get peers(): ReadonlyMap<NodeId, Peer> {
    return this.#peers;
  }

  get dead(): ReadonlySet<NodeId> {
    return this.#dead;
  }

  /** Peers with which the last handshake that this node began has come to a good end, so that there is a connection. */
  get connected(): ReadonlySet<NodeId> {
    return this.#connected;
  }

  /** No other member is believed alive. */
  get alone(): boolean {
    return this.walk.size === 0;
  }

  /** What this node shows of a member: the graver of its record and its own isolation verdict; undefined when not shown. */
  shown(id: NodeId): PeerState | undefined {
    const record = this.store.live.get(id);
    if (record === undefined) return undefined;
    const verdict = this.#peers.get(id)?.isolationVerdict;
    if (verdict === undefined || record.state === 'DEAD') return record.state;
    if (verdict.retired) return undefined;
    return verdict.state;
  }

  /** A member is shown HEALTHY, and no handshake with it has failed since it last gave a sign of life. */
  readonly sound = (id: NodeId): boolean => {
    const peer = this.#peers.get(id);
    return peer !== undefined && peer.failures === 0 && peer.pending === 0 && this.shown(id) === 'HEALTHY';
  };

  /** A member is not spoken of while an isolation verdict stands: this node does not know, and says nothing. */
  readonly unspoken = (id: NodeId): boolean => this.#unspoken.size > 0 && this.#unspoken.has(id);

  /** What a digest says of a member. */
  readonly entry = (record: MemberRecord): DigestEntry =>
    this.#peers.get(record.id)?.entry(record) ?? new DigestEntry(record, this.#context.now.wall);

  /** When there was last evidence of life of a member. */
  lastSeen(id: NodeId): UnixMillis {
    return this.#peers.get(id)?.lastSeen ?? this.#context.now.wall;
  }

  reachability(id: NodeId): Reachability {
    return this.#peers.get(id)?.indirect === true ? 'indirect' : 'direct';
  }

  /** Notes whether there is a connection to a peer. */
  setConnected(id: NodeId, connected: boolean): void {
    if (connected && this.#peers.has(id)) this.#connected.add(id);
    else this.#connected.delete(id);
  }

  /** Notes whether others reach a member that this node does not. */
  setIndirect(peer: Peer, indirect: boolean): void {
    if (peer.indirect === indirect) return;
    peer.indirect = indirect;
    this.#revision += 1;
    this.#context.tell({ kind: 'reachabilityChanged', id: peer.id, reachability: this.reachability(peer.id) });
  }

  /** Puts this node's own record into the store. It is news unless it is held already. */
  setOwn(record: MemberRecord): void {
    let isNew = false;
    this.#changing(record.id, () => {
      isNew = this.store.merge(record);
    });
    if (isNew) this.#news(record.id, undefined);
  }

  /**
   * Takes in what `source` says of a member other than this node. Merging follows the lattice, with one exception: nobody is
   * sentenced unheard. A death by hearsay is at first a suspicion, and becomes a death when the suspicion has been held for
   * its time (protocol, section 4). The member's own goodbye is believed at once.
   *
   * @param isNews others may not know it yet either
   */
  learn(record: MemberRecord, source: NodeId, isNews: boolean): Learned {
    const { now, config } = this.#context;
    if (record.version > now.wall + config.maxVersionLead) return this.#refuse('version_ahead', record, source);
    const held = this.store.get(record.id);
    // A death is not news to one who did not know the life; else nodes that forget at different times remind each other for ever.
    if (held === undefined && record.state === 'DEAD') return this.#hearGoodbye(record, source) ? 'merged' : 'ignored';
    if (held !== undefined && compareRecords(record, held) <= 0) return 'ignored';
    const enters = record.state !== 'DEAD' && !this.store.live.has(record.id);
    if (enters && this.store.live.size >= config.maxMembers) return this.#refuse('too_many_members', record, source);
    const deathByHearsay = record.state === 'DEAD' && !record.left && held?.state !== 'DEAD';
    if (deathByHearsay && !this.#mayBeSentenced(record)) {
      if (held === undefined || record.version > held.version || held.state === 'HEALTHY') {
        this.#adopt(record.accused('SUSPECTED_DEAD'));
      }
      this.#markDeadHeard(record.id);
    } else {
      this.#adopt(record);
    }
    if (isNews) this.#news(record.id, source);
    return (held === undefined || record.version > held.version) && !record.left ? 'alive' : 'merged';
  }

  /** Raises the severity of a member's record at the version that is held: a public accusation. */
  accuse(id: NodeId, state: 'SUSPECTED_DEAD' | 'DEAD'): void {
    const record = this.store.live.get(id);
    invariant(record !== undefined, `accused ${id} is not a member`);
    this.#adopt(record.accused(state));
    this.#news(id, undefined);
  }

  /** Starts the time anew for which a suspicion must be held. */
  restartSuspicion(peer: Peer): void {
    if (peer.suspicion !== undefined) this.#holdSuspicion(peer);
  }

  /** Sets or clears this node's private verdict of a member. */
  setIsolationVerdict(peer: Peer, state: IsolationVerdict['state'] | undefined): void {
    if (peer.isolationVerdict?.state === state) return;
    const since = this.#context.now.monotonic;
    this.#changing(peer.id, () => {
      peer.isolationVerdict = state === undefined ? undefined : { state, since, retired: false };
    });
    if (state === 'DEAD') this.#planRetirement(peer.id, since);
  }

  /** A death has been shown for its time: the member leaves the memberlist. */
  retire(id: NodeId, since: Millis): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    if (peer.deadSince === since) {
      this.#bury(id);
    } else if (peer.isolationVerdict?.state === 'DEAD' && peer.isolationVerdict.since === since) {
      const { isolationVerdict } = peer;
      this.#changing(id, () => {
        peer.isolationVerdict = { ...isolationVerdict, retired: true };
      });
    }
  }

  /** Takes a member out of the memberlist, here and everywhere, that everybody has found to be dead. */
  forgetDead(id: NodeId): void {
    const record = this.store.live.get(id);
    if (record?.state !== 'DEAD') return;
    this.#adopt(record.forgottenByAll());
    this.#context.tell({ kind: 'forgotten', id });
    this.#news(id, undefined);
  }

  /** Forgets the dead whose time as tombstones is over, and those for whom nobody but this node's own verdict ever spoke. */
  expire(): void {
    const deadline = millis(this.#context.now.monotonic - this.#context.config.tombstoneTtl);
    this.store.expireTombstones(deadline);
    for (const id of this.#dead) {
      const peer = this.#peers.get(id);
      const verdict = peer?.isolationVerdict;
      if (peer !== undefined && verdict?.retired === true && verdict.since <= deadline) this.#forget(peer);
    }
  }

  /**
   * A stranger says goodbye himself: kept as a tombstone, so that older news of him does not bring him in. He may have met the mesh so lately
   * that those he tells do not know him yet, while others do.
   */
  #hearGoodbye(record: MemberRecord, source: NodeId): boolean {
    if (!record.left || record.id !== source) return false;
    this.#changing(record.id, () => {
      this.store.merge(record);
      this.store.bury(record.id, this.#context.now.monotonic);
    });
    this.#news(record.id, source);
    return true;
  }

  #refuse(reason: RecordRefusal, record: MemberRecord, source: NodeId): 'ignored' {
    this.#context.tell({ kind: 'recordRefused', reason, source, id: record.id });
    return 'ignored';
  }

  /** A suspicion at this very version has been held long enough. */
  #mayBeSentenced(record: MemberRecord): boolean {
    const suspicion = this.#peers.get(record.id)?.suspicion;
    if (suspicion === undefined || this.store.live.get(record.id)?.version !== record.version) return false;
    return this.#context.now.monotonic - suspicion.since >= suspicionTime(this.#context);
  }

  #markDeadHeard(id: NodeId): void {
    const peer = this.#peers.get(id);
    if (peer?.suspicion !== undefined) peer.suspicion = { ...peer.suspicion, deadHeard: true };
  }

  /** Merges a record that may come in, and starts or ends what follows from its state. */
  #adopt(record: MemberRecord): void {
    const { id } = record;
    this.#changing(id, () => {
      const before = this.store.live.get(id);
      if (!this.store.merge(record)) return;
      if (!this.store.live.has(id)) return;
      const peer = this.#ensurePeer(id);
      switch (record.state) {
        case 'HEALTHY':
          peer.suspicion = undefined;
          peer.deadSince = undefined;
          break;
        case 'SUSPECTED_DEAD':
          peer.deadSince = undefined;
          if (before?.state !== 'SUSPECTED_DEAD' || before.version !== record.version) this.#holdSuspicion(peer);
          break;
        case 'DEAD':
          this.#die(peer);
          break;
      }
    });
  }

  #ensurePeer(id: NodeId): Peer {
    const known = this.#peers.get(id);
    if (known !== undefined) return known;
    const peer = new Peer(id, this.#context.now.wall, this.#context.now.monotonic);
    this.#peers.set(id, peer);
    return peer;
  }

  #dropPeer(id: NodeId): void {
    this.#peers.delete(id);
    this.#connected.delete(id);
  }

  #holdSuspicion(peer: Peer): void {
    const since = this.#context.now.monotonic;
    peer.suspicion = { since, deadHeard: false };
    this.#context.plan(suspicionTime(this.#context), { kind: 'sentence', id: peer.id, since });
  }

  #die(peer: Peer): void {
    const alreadyRetired = peer.isolationVerdict?.retired === true;
    peer.suspicion = undefined;
    peer.isolationVerdict = undefined;
    const since = this.#context.now.monotonic;
    if (this.store.live.get(peer.id)?.forgotten === true) {
      this.store.bury(peer.id, since);
      this.#dropPeer(peer.id);
      return;
    }
    if (peer.deadSince !== undefined) return;
    peer.deadSince = since;
    if (alreadyRetired) {
      this.store.bury(peer.id, since);
      this.#dropPeer(peer.id);
    } else {
      this.#planRetirement(peer.id, since);
    }
  }

  #planRetirement(id: NodeId, since: Millis): void {
    this.#context.plan(this.#context.config.deadRetention, { kind: 'retire', id, since });
  }

  #bury(id: NodeId): void {
    this.#changing(id, () => {
      this.store.bury(id, this.#context.now.monotonic);
      this.#dropPeer(id);
    });
  }

  #forget(peer: Peer): void {
    this.#changing(peer.id, () => {
      peer.isolationVerdict = undefined;
      this.store.forget(peer.id);
      this.#dropPeer(peer.id);
    });
  }

  /** Runs a change of one member, then brings the lists in line and tells what it changed in the view. */
  #changing(id: NodeId, change: () => void): void {
    const before = this.#glimpse(id);
    const told = this.#spoken(id);
    change();
    if (this.#peers.get(id)?.isolationVerdict === undefined) this.#unspoken.delete(id);
    else this.#unspoken.add(id);
    const after = this.#glimpse(id);
    this.fingerprints.replace(told, this.#spoken(id));
    if (id !== this.#context.self) this.#enlist(id, before?.state, after?.state);
    if (before?.state === after?.state && before?.record === after?.record) return;
    this.#revision += 1;
    const record = after?.record ?? before?.record;
    if (record === undefined) return;
    this.#context.tell({
      kind: 'memberChanged',
      id,
      address: record.address,
      ...(before === undefined ? {} : { from: before.state }),
      ...(after === undefined ? {} : { to: after.state }),
      left: record.left,
      version: record.version,
    });
  }

  #glimpse(id: NodeId): { readonly state: PeerState; readonly record: MemberRecord } | undefined {
    const state = this.shown(id);
    const record = this.store.live.get(id);
    return state === undefined || record === undefined ? undefined : { state, record };
  }

  /** The record that this node tells of a member; undefined when it does not speak of it. */
  #spoken(id: NodeId): MemberRecord | undefined {
    return this.unspoken(id) ? undefined : this.store.live.get(id);
  }

  #enlist(id: NodeId, before: PeerState | undefined, shown: PeerState | undefined): void {
    const wasLiving = isLiving(before);
    if (isLiving(shown) && !wasLiving) this.walk.add(id);
    else if (wasLiving && !isLiving(shown)) this.walk.remove(id);
    if (this.store.live.has(id) && (shown === 'DEAD' || shown === undefined)) this.#dead.add(id);
    else this.#dead.delete(id);
  }
}

/** How long a suspicion is held before hearsay may make it a death: the time that its detector needs for that too. */
function suspicionTime({ config }: Context): number {
  return (config.deadThreshold - config.stalenessThreshold) * config.gossipInterval;
}

/** Shown as one that may be contacted at random. */
function isLiving(shown: PeerState | undefined): boolean {
  return shown === 'HEALTHY' || shown === 'SUSPECTED_DEAD';
}
