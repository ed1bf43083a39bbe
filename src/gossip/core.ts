import { type Millis, millis, type NodeId, type Now, type UnixMillis, type Version } from '../base/brands.ts';
import { unreachable } from '../base/invariant.ts';
import type { Random } from '../base/random.ts';
import type { MemberRecord, PeerState } from '../store/record.ts';
import type { GossipConfig } from './config.ts';
import { Contacts } from './contacts.ts';
import { Context } from './context.ts';
import type { Effect } from './effect.ts';
import type { Exchange } from './exchanges.ts';
import { FailureDetector } from './failure-detector.ts';
import { Goodbye } from './goodbye.ts';
import { Handshakes } from './handshakes.ts';
import type { BootstrapTarget, Identity, Input } from './input.ts';
import { Joiner } from './joiner.ts';
import { Membership } from './membership.ts';
import { News } from './news.ts';
import { OwnRecord } from './own-record.ts';
import { chooseCandidate } from './reconnect.ts';
import type { Roster } from './roster.ts';
import type { Task } from './task.ts';
import type { MemberView, Standing } from './view.ts';

/** A cycle is late that begins so many intervals after its time. A call has one interval: who is as late as this can hardly judge it. */
const LATE_BY = 0.5;

/** What a core is made of. */
export interface CoreSetup {
  readonly config: GossipConfig;
  readonly identity: Identity;
  readonly random: Random;
  readonly bootstrap: readonly BootstrapTarget[];
  /** The version of a former life, from a snapshot. */
  readonly formerVersion?: Version;
  /** The members that it knows from the start, with its own record as {@link firstRecord} makes it. Absent: it knows nobody. */
  readonly known?: Roster;
  /** Both clocks at the start. */
  readonly now: Now;
}

/**
 * One node's protocol as a state machine: a function of its state, an input and the time, to effects. It has no clock, no chance
 * and no I/O of its own, so the daemon and the simulator run this same code.
 *
 * The caller feeds inputs in their order, each with the time it happened, carries out the effects, and sends a `wake` at
 * {@link nextWakeAt}.
 */
export class GossipCore {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  readonly #joiner: Joiner;
  readonly #contacts: Contacts;
  readonly #own: OwnRecord;
  readonly #handshakes: Handshakes;
  readonly #news: News;
  #goodbye: Goodbye | undefined;
  #cycleDueAt: Millis;

  constructor({ config, identity, random, bootstrap, formerVersion, known, now }: CoreSetup) {
    this.#context = new Context(identity.id, config, random);
    this.#context.now = now;
    this.#membership = new Membership(this.#context, (id, source) => this.#news.add(id, source), known);
    this.#detector = new FailureDetector(this.#context, this.#membership);
    this.#contacts = new Contacts(this.#context, this.#membership, this.#detector);
    this.#own = new OwnRecord(this.#context, identity, formerVersion);
    this.#handshakes = new Handshakes({
      context: this.#context,
      membership: this.#membership,
      detector: this.#detector,
      contacts: this.#contacts,
      own: this.#own,
      concluded: (exchange, source) => this.#concluded(exchange, source),
      isBusy: () => this.#news.isBusy,
    });
    this.#news = new News(this.#context, this.#membership, (peer, delta, telling) =>
      this.#handshakes.push(peer, delta, { kind: 'push', telling }),
    );
    this.#joiner = new Joiner(this.#context, this.#membership, bootstrap, (target, address) =>
      this.#handshakes.greet({ kind: 'join', target }, address),
    );
    // Nodes that start together do not gossip in step.
    this.#cycleDueAt = millis(now.monotonic + config.gossipInterval * random.fraction());
  }

  /** When the core wants its next `wake`, by the monotonic clock. */
  get nextWakeAt(): Millis {
    const planned = this.#context.agenda.nextAt ?? Number.POSITIVE_INFINITY;
    return millis(this.#goodbye === undefined ? Math.min(planned, this.#cycleDueAt) : planned);
  }

  /** Rises whenever a record, or what is shown of a member, changes (not with `lastSeen` alone). */
  get revision(): number {
    return this.#membership.revision;
  }

  /** Rises with every change of a record that is held, whether it is shown or not. */
  get recordsRevision(): number {
    return this.#membership.store.revision;
  }

  /** How many records are held, the tombstones not counted. */
  get recordCount(): number {
    return this.#membership.store.live.size;
  }

  get ownVersion(): Version {
    return this.#own.record.version;
  }

  get tombstoneCount(): number {
    return this.#membership.store.tombstones.size;
  }

  /** When there was last evidence of life of any other node; undefined before the first time. */
  get lastContact(): UnixMillis | undefined {
    return this.#detector.lastContact;
  }

  /** Takes in what has happened and says what is to be done about it. */
  handle(input: Input, now: Now): readonly Effect[] {
    this.#context.now = now;
    this.#noticeLateness();
    switch (input.kind) {
      case 'start':
        this.#membership.setOwn(this.#own.record);
        this.#joiner.tryDue();
        break;
      case 'wake':
        this.#wake();
        break;
      case 'heartbeatReceived':
        this.#handshakes.heartbeatReceived(input.call, input.message);
        break;
      case 'diffReceived':
        this.#handshakes.diffReceived(input.call, input.message);
        break;
      case 'probeReceived':
        this.#handshakes.probeReceived(input.call, input.message);
        break;
      case 'heartbeatAnswered':
        this.#handshakes.heartbeatAnswered(input.exchange, input.message);
        break;
      case 'diffAnswered':
        this.#handshakes.diffAnswered(input.exchange, input.message);
        break;
      case 'probeAnswered':
        this.#handshakes.probeAnswered(input.exchange, input.message);
        break;
      case 'exchangeFailed':
        this.#handshakes.failed(input.exchange, input.reason);
        break;
      case 'resolved':
        if (this.#goodbye === undefined) this.#joiner.resolved(input.target, input.addresses);
        break;
      case 'metadataChanged':
        this.#membership.setOwn(this.#own.speak({ metadata: input.metadata }));
        break;
      case 'join':
        if (this.#goodbye === undefined) this.#joiner.add(input.targets);
        break;
      case 'forget':
        this.#membership.forgetDead(input.id);
        break;
      case 'leave':
        this.#leave();
        break;
      default:
        unreachable(input);
    }
    return this.#context.takeEffects();
  }

  /** The record held of a member, a tombstone's too. For whoever checks what the core does. */
  record(id: NodeId): MemberRecord | undefined {
    return this.#membership.store.get(id);
  }

  /** What is shown of a member; undefined when it is not shown. */
  shown(id: NodeId): PeerState | undefined {
    return this.#membership.shown(id);
  }

  /** All members that are shown, sorted by id. */
  members(wall: UnixMillis): readonly MemberView[] {
    const views: MemberView[] = [];
    for (const id of this.#membership.store.live.keys()) {
      const view = this.member(id, wall);
      if (view !== undefined) views.push(view);
    }
    return views.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** One member, as {@link members} has it; undefined when it is not shown. */
  member(id: NodeId, wall: UnixMillis): MemberView | undefined {
    const record = this.#membership.store.live.get(id);
    const isLocal = id === this.#context.self;
    const state = isLocal ? 'HEALTHY' : this.#membership.shown(id);
    if (record === undefined || state === undefined) return undefined;
    const { address, version, left, metadata } = record;
    const lastSeen = isLocal ? wall : this.#membership.lastSeen(id);
    const reachability = this.#membership.reachability(id);
    return { id, address, lastSeen, version, state, left: left && !isLocal, isLocal, reachability, metadata };
  }

  standing(): Standing {
    return {
      firstRoundTried: this.#joiner.firstRoundTried,
      leaving: this.#goodbye !== undefined,
      isolated: this.#detector.isolated,
      waitingFor: this.#joiner.waitingFor(),
      duplicateAddresses: this.#own.duplicateAddresses(),
    };
  }

  /** Where the other members are that a restarted node may rejoin by: all but those that left. */
  rejoinAddresses(): readonly string[] {
    const addresses: string[] = [];
    for (const [id, record] of this.#membership.store.live) {
      if (id !== this.#context.self && !record.left) addresses.push(record.address);
    }
    return addresses;
  }

  /** A cycle that begins late tells of this node, not of its peers; that is settled before all else. */
  #noticeLateness(): void {
    const late = this.#context.now.monotonic - this.#cycleDueAt;
    if (this.#goodbye !== undefined || late <= LATE_BY * this.#context.config.gossipInterval) return;
    this.#context.cycle += 1;
    this.#context.tell({ kind: 'lateCycle', late: millis(late) });
    this.#detector.discard();
    this.#cycleDueAt = millis(this.#context.now.monotonic + this.#context.config.gossipInterval);
    this.#contactPeers();
  }

  #wake(): void {
    const { now, agenda } = this.#context;
    if (this.#goodbye === undefined && this.#cycleDueAt <= now.monotonic) this.#turnCycle();
    for (let due = agenda.takeDue(now.monotonic); due !== undefined; due = agenda.takeDue(now.monotonic)) {
      this.#perform(due.item);
    }
  }

  #perform(task: Task): void {
    if (task.kind === 'leaveTimeout') {
      this.#goodbye?.timeout();
      return;
    }
    if (this.#goodbye !== undefined) return;
    switch (task.kind) {
      case 'join':
        this.#joiner.tryDue();
        break;
      case 'tellNews':
        this.#news.tell();
        break;
      case 'sentence':
        this.#detector.sentence(task.id, task.since);
        break;
      case 'retire':
        this.#membership.retire(task.id, task.since);
        break;
      default:
        unreachable(task);
    }
  }

  #turnCycle(): void {
    const { config } = this.#context;
    this.#detector.settle();
    this.#context.cycle += 1;
    this.#cycleDueAt = millis(this.#cycleDueAt + config.gossipInterval);
    this.#membership.expire();
    this.#contactPeers();
  }

  /** All contacts of a cycle begin together: who wakes up once does less than who wakes up for each. */
  #contactPeers(): void {
    for (const id of this.#contacts.choose()) this.#handshakes.contact(id, { kind: 'gossip' }, 'pooled');
    this.#joiner.tryDue();
    const candidate = chooseCandidate(this.#context, this.#membership, this.#joiner);
    if (candidate?.kind === 'member') this.#handshakes.contact(candidate.id, { kind: 'reconnect' }, 'fresh');
    else if (candidate !== undefined) this.#joiner.tryNow(candidate.name);
  }

  #leave(): void {
    if (this.#goodbye !== undefined) return;
    this.#context.tell({ kind: 'leaving' });
    this.#membership.setOwn(this.#own.speak({ leave: true }));
    this.#goodbye = new Goodbye(this.#context, this.#membership, (peer) => this.#handshakes.pushOwn(peer));
    this.#goodbye.start();
  }

  #concluded({ purpose, peer, address }: Exchange, source: NodeId | undefined): void {
    if (purpose.kind === 'join') this.#joiner.concluded(purpose.target, address, source);
    else if (purpose.kind === 'leave') this.#goodbye?.concluded(source !== undefined);
    else if (purpose.kind === 'push') {
      this.#news.ended();
      if (source === undefined && this.#goodbye === undefined) this.#news.missed(purpose.telling, peer);
    }
  }
}
