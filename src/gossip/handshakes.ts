import { millis, type NodeId } from '../base/brands.ts';
import { type Delta, deltaFor } from '../store/delta.ts';
import { digestFor } from '../store/digest.ts';
import type { Digest, MemberRecord } from '../store/record.ts';
import type { Context } from './context.ts';
import type { Connection } from './effect.ts';
import { type Exchange, Exchanges } from './exchanges.ts';
import type { FailureDetector } from './failure-detector.ts';
import type { CallId, ExchangeFailure, ExchangeId } from './input.ts';
import type { Membership } from './membership.ts';
import type { DeltaAnswer, Diff, Envelope, Heartbeat } from './messages.ts';
import type { OwnRecord } from './own-record.ts';

/** How a handshake of ours ended, for whoever began it. `source` is who answered; undefined when it failed. */
export type Conclude = (exchange: Exchange, source: NodeId | undefined) => void;

/**
 * The handshake, both ways (protocol, section 3): heartbeat → diff → delta. What a message says goes to the membership, that
 * somebody spoke goes to the failure detector.
 */
export class Handshakes {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  readonly #own: OwnRecord;
  readonly #concluded: Conclude;
  readonly #exchanges = new Exchanges();

  /** @param concluded is told of every handshake of ours that has come to an end */
  constructor(
    context: Context,
    membership: Membership,
    detector: FailureDetector,
    own: OwnRecord,
    concluded: Conclude,
  ) {
    this.#context = context;
    this.#membership = membership;
    this.#detector = detector;
    this.#own = own;
    this.#concluded = concluded;
  }

  /** Begins a handshake with a member at the address that is held of it, if it is still known. */
  contact(id: NodeId, purpose: Exchange['purpose'], connection: Connection): void {
    const record = this.#membership.store.get(id);
    if (record !== undefined) this.begin(purpose, id, record.address, connection);
  }

  /** Begins a handshake with whoever is at an address. */
  begin(purpose: Exchange['purpose'], peer: NodeId | undefined, address: string, connection: Connection): void {
    const exchange = this.#open(purpose, peer, address);
    const message: Heartbeat = { ...this.#envelope(), sentAt: this.#context.now.wall, digest: this.#digest(peer) };
    this.#context.emit({ kind: 'sendHeartbeat', exchange: exchange.id, address, connection, message });
  }

  /** Tells a member this node's own record and nothing else. */
  pushOwn(peer: MemberRecord): void {
    const exchange = this.#open({ kind: 'leave' }, peer.id, peer.address);
    const message: Diff = { ...this.#envelope(), delta: [this.#own.record], digest: new Map(), pushOnly: true };
    this.#context.emit({ kind: 'sendDiff', exchange: exchange.id, address: exchange.address, message });
  }

  /** First step at B: notes that A lives, and answers with what A lacks. */
  heartbeatReceived(call: CallId, message: Heartbeat): void {
    if (this.#refuses(call, message)) return;
    this.#noteLife(message.source);
    this.#hearClaims(message);
    this.#context.emit({
      kind: 'answerHeartbeat',
      call,
      message: {
        ...this.#envelope(),
        delta: this.#deltaFor(message.digest),
        digest: this.#digest(message.source),
        pushOnly: false,
      },
    });
    this.#context.tell({ kind: 'handshakeFinished', side: 'server' });
  }

  /** Third step at B: takes in what B lacked, and answers with whatever A still lacks. A push wants no answer. */
  diffReceived(call: CallId, message: Diff): void {
    if (this.#refuses(call, message)) return;
    this.#absorb(message.delta, message.source);
    this.#noteLife(message.source);
    this.#hearClaims(message);
    const delta = message.pushOnly ? [] : this.#deltaFor(message.digest);
    this.#context.emit({ kind: 'answerDiff', call, message: { ...this.#envelope(), delta } });
  }

  /** Second step at A: takes in what A lacked, and sends what B lacks, if anything. */
  heartbeatAnswered(id: ExchangeId, message: Diff): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    if (!this.#sameMesh(message.mesh)) {
      this.#fail(exchange, 'wrong_mesh');
      return;
    }
    const expected = exchange.peer === undefined || exchange.peer === message.source;
    const mirrored = this.#own.isMirroredBy(message.digest.get(this.#context.self));
    this.#absorb(message.delta, message.source);
    this.#noteLife(message.source);
    this.#hearClaims(message);
    if (message.source === this.#context.self) {
      // Under the own id answers either this very node, by one of its own addresses, or a duplicate.
      if (mirrored && exchange.peer === undefined) this.#finish(exchange, message.source);
      else this.#fail(exchange, 'wrong_peer');
    } else if (!expected) {
      this.#fail(exchange, 'wrong_peer');
    } else {
      exchange.answered = true;
      this.#sendDiff(exchange, message);
    }
  }

  /** Fourth step at A: takes in the rest. */
  diffAnswered(id: ExchangeId, message: DeltaAnswer): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    if (!this.#sameMesh(message.mesh)) {
      this.#fail(exchange, 'wrong_mesh');
      return;
    }
    this.#absorb(message.delta, message.source);
    this.#finish(exchange, message.source);
  }

  /** A call of ours had no usable answer. */
  failed(id: ExchangeId, reason: ExchangeFailure): void {
    const exchange = this.#exchanges.get(id);
    if (exchange !== undefined) this.#fail(exchange, reason);
  }

  #open(purpose: Exchange['purpose'], peer: NodeId | undefined, address: string): Exchange {
    const { cycle, now } = this.#context;
    return this.#exchanges.begin({ purpose, peer, address, cycle, startedAt: now.monotonic });
  }

  #sendDiff(exchange: Exchange, answer: Diff): void {
    const delta = this.#deltaFor(answer.digest);
    if (delta.length === 0) {
      this.#finish(exchange, answer.source);
      return;
    }
    const message: Diff = { ...this.#envelope(), delta, digest: this.#digest(answer.source), pushOnly: false };
    this.#context.emit({ kind: 'sendDiff', exchange: exchange.id, address: exchange.address, message });
  }

  #finish(exchange: Exchange, source: NodeId): void {
    this.#exchanges.end(exchange.id);
    const took = millis(this.#context.now.monotonic - exchange.startedAt);
    this.#context.tell({ kind: 'handshakeFinished', side: 'client', took });
    this.#concluded(exchange, source);
  }

  /** A failure tells against a peer only if it did not answer at all, in the course of a cycle, and is still at that address. */
  #fail(exchange: Exchange, reason: ExchangeFailure | 'wrong_peer' | 'wrong_mesh'): void {
    const { id, purpose, peer, address, answered, cycle, startedAt } = exchange;
    this.#exchanges.end(id);
    this.#context.tell({ kind: 'handshakeFailed', ...(peer === undefined ? {} : { peer }), address, reason });
    if (purpose.kind === 'gossip' && peer !== undefined && !answered) {
      const known = this.#membership.peers.get(peer);
      const moved = this.#membership.store.live.get(peer)?.address !== address;
      if (known !== undefined && !moved) this.#detector.failed(known, cycle, startedAt);
    }
    this.#concluded(exchange, undefined);
  }

  /** A node hears nobody by speaking with itself. */
  #noteLife(source: NodeId): void {
    if (source !== this.#context.self) this.#detector.evidence(this.#membership.peers.get(source));
  }

  #refuses(call: CallId, message: Envelope): boolean {
    if (this.#sameMesh(message.mesh)) return false;
    const detail = `this node belongs to mesh '${this.#context.config.mesh}', not to '${message.mesh}'`;
    this.#context.tell({ kind: 'messageRefused', reason: 'wrong_mesh', source: message.source, detail });
    this.#context.emit({ kind: 'refuse', call, reason: 'wrong_mesh', detail });
    return true;
  }

  /** A peer that does not know the field sends no name; it belongs to the mesh of those that were given none. */
  #sameMesh(mesh: string): boolean {
    return (mesh === '' ? 'default' : mesh) === this.#context.config.mesh;
  }

  /** What a digest says of this node is answered, and what it says of members under an isolation verdict is a voice for them. */
  #hearClaims(message: { readonly source: NodeId; readonly digest: Digest }): void {
    this.#detector.vouch(message.digest);
    const claim = message.digest.get(this.#context.self);
    if (claim === undefined) return;
    const answer = this.#own.hear(claim, message.source);
    if (answer !== undefined) this.#membership.setOwn(answer);
  }

  #absorb(delta: Delta, source: NodeId): void {
    for (const record of delta) {
      if (record.id === this.#context.self) {
        const answer = this.#own.hear(record, source, record.metadata);
        if (answer !== undefined) this.#membership.setOwn(answer);
      } else if (this.#membership.learn(record, source) === 'alive') {
        this.#detector.evidence(this.#membership.peers.get(record.id));
      }
    }
  }

  #envelope(): Envelope {
    return { source: this.#context.self, mesh: this.#context.config.mesh };
  }

  #digest(peer: NodeId | undefined): Digest {
    return digestFor(this.#membership.store, peer, this.#membership.lastSeen, this.#membership.unspoken);
  }

  #deltaFor(theirs: Digest): Delta {
    const { store, unspoken } = this.#membership;
    return deltaFor(store, theirs, this.#context.config.maxDeltaBytes, unspoken);
  }
}
