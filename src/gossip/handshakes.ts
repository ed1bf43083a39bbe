import { millis, type NodeId } from '../base/brands.ts';
import type { Delta } from '../store/delta.ts';
import { WHOLE } from '../store/fingerprint.ts';
import type { MemberRecord } from '../store/record.ts';
import type { Contacts } from './contacts.ts';
import type { Context } from './context.ts';
import type { Connection } from './effect.ts';
import { type Exchange, Exchanges, type Purpose } from './exchanges.ts';
import type { FailureDetector } from './failure-detector.ts';
import type { CallId, ExchangeFailure, ExchangeId } from './input.ts';
import type { Membership } from './membership.ts';
import type { DeltaAnswer, Diff, Envelope, Heartbeat, Probe, ProbeAnswer } from './messages.ts';
import type { OwnRecord } from './own-record.ts';
import { type Check, Prober } from './prober.ts';
import { type Detail, Speech } from './speech.ts';

/** How a handshake of ours ended, for whoever began it. `source` is who answered; undefined when it failed. */
export type Conclude = (exchange: Exchange, source: NodeId | undefined) => void;

/** What handshakes are made of. */
interface Parts {
  readonly context: Context;
  readonly membership: Membership;
  readonly detector: FailureDetector;
  readonly contacts: Contacts;
  readonly own: OwnRecord;
  /** Is told of every handshake of ours that has come to an end. */
  readonly concluded: Conclude;
  /** Tells whether news is being pushed at present. */
  readonly isBusy: () => boolean;
}

/**
 * The handshake, both ways (protocol, section 3): heartbeat → diff → delta; and the probe. What a message says goes to the membership,
 * that somebody spoke goes to the failure detector.
 */
export class Handshakes {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  readonly #contacts: Contacts;
  readonly #own: OwnRecord;
  readonly #concluded: Conclude;
  readonly #exchanges = new Exchanges();
  readonly #speech: Speech;
  readonly #prober: Prober;

  constructor({ context, membership, detector, contacts, own, concluded, isBusy }: Parts) {
    this.#context = context;
    this.#membership = membership;
    this.#detector = detector;
    this.#contacts = contacts;
    this.#own = own;
    this.#concluded = concluded;
    this.#speech = new Speech(context, membership, isBusy);
    this.#prober = new Prober(context, membership, detector, {
      ask: (helper, check) => this.#ask(helper, check),
      look: (target) => this.contact(target, { kind: 'probe' }, 'pooled'),
      answer: (call, reached) =>
        context.emit({ kind: 'answerProbe', call, message: { ...this.#speech.envelope(), reached } }),
    });
  }

  /** Begins a handshake with a member at the address that is held of it, if it is still known. */
  contact(id: NodeId, purpose: Purpose, connection: Connection): void {
    const record = this.#membership.store.get(id);
    if (record === undefined) return;
    // Nobody may be there: a digest is not made before somebody has answered.
    const detail = connection === 'fresh' ? 'fingerprint' : this.#speech.detailFor(id);
    this.#begin(purpose, id, record.address, connection, detail);
  }

  /** Begins a handshake with whoever is at an address. */
  greet(purpose: Purpose, address: string): void {
    this.#begin(purpose, undefined, address, 'fresh', 'digest');
  }

  /** Tells a member these records and nothing else. */
  push(id: NodeId, delta: Delta, purpose: Purpose): void {
    const record = this.#membership.store.get(id);
    if (record === undefined) return;
    const exchange = this.#open(purpose, id, record.address);
    const message = this.#speech.push(delta);
    this.#context.emit({ kind: 'sendDiff', exchange: exchange.id, address: exchange.address, message });
  }

  /** Tells a member this node's own record. */
  pushOwn(peer: MemberRecord): void {
    this.push(peer.id, [this.#own.record], { kind: 'leave' });
  }

  /** First step at B: notes that A lives, and answers with what A lacks. */
  heartbeatReceived(call: CallId, message: Heartbeat): void {
    if (this.#refuses(call, message)) return;
    this.#noteVoice(message);
    this.#hearClaims(message);
    const answer = this.#speech.answer(message);
    const inSync = answer.inSync === true;
    if (inSync) this.#contacts.answeredInSync(message.source);
    this.#context.emit({ kind: 'answerHeartbeat', call, message: answer });
    this.#context.tell({ kind: 'handshakeFinished', side: 'server', inSync });
  }

  /** Third step at B: takes in what B lacked, and answers with whatever A still lacks. A push wants no answer. */
  diffReceived(call: CallId, message: Diff): void {
    if (this.#refuses(call, message)) return;
    this.#takeIn(message);
    const delta = message.pushOnly ? [] : this.#speech.delta(message.digest, message.scope ?? WHOLE);
    this.#context.emit({ kind: 'answerDiff', call, message: { ...this.#speech.envelope(), delta } });
  }

  /** Somebody asks whether this node reaches a member. */
  probeReceived(call: CallId, message: Probe): void {
    if (this.#refuses(call, message)) return;
    this.#noteLife(message.source);
    this.#prober.asked(call, message.target);
  }

  /**
   * Second step at A: takes in what A lacked, and sends what B lacks, if anything. An answer that comes after its time goes no further, but
   * it is a sign of life, and what it tells is as good.
   */
  heartbeatAnswered(id: ExchangeId, message: Diff): void {
    const isLate = this.#isLate(id, message);
    const exchange = this.#expect(id, message);
    if (isLate) this.#takeIn(message);
    if (exchange === undefined) return;
    const expected = exchange.peer === undefined || exchange.peer === message.source;
    // Who holds the very same of this node is this node, or was just told.
    const mirrored = message.inSync === true || this.#own.isMirroredBy(message.digest.get(this.#context.self));
    this.#takeIn(message);
    if (message.source === this.#context.self) {
      // Under the own id answers either this very node, by one of its own addresses, or a duplicate.
      if (mirrored && exchange.peer === undefined) this.#finish(exchange, message.source, false);
      else this.#fail(exchange, 'wrong_peer');
    } else if (!expected) {
      this.#fail(exchange, 'wrong_peer');
    } else {
      exchange.answered = true;
      this.#continue(exchange, message);
    }
  }

  /** Fourth step at A: takes in the rest, late or not. */
  diffAnswered(id: ExchangeId, message: DeltaAnswer): void {
    const isLate = this.#isLate(id, message);
    const exchange = this.#expect(id, message);
    if (exchange === undefined && !isLate) return;
    this.#absorb(message.delta, message.source);
    if (isLate || message.source === exchange?.peer) this.#noteLife(message.source);
    if (exchange !== undefined) this.#finish(exchange, message.source, false);
  }

  /** A helper says whether it reaches a member. */
  probeAnswered(id: ExchangeId, message: ProbeAnswer): void {
    const exchange = this.#expect(id, message);
    if (exchange?.purpose.kind !== 'ask') return;
    this.#exchanges.end(id);
    this.#noteLife(message.source);
    this.#prober.heard(exchange.purpose.check, message.reached ? 'reached' : 'unreached');
  }

  /** A call of ours had no usable answer. */
  failed(id: ExchangeId, reason: ExchangeFailure): void {
    const exchange = this.#exchanges.get(id);
    if (exchange !== undefined) this.#fail(exchange, reason);
  }

  #begin(purpose: Purpose, peer: NodeId | undefined, address: string, connection: Connection, detail: Detail): void {
    const exchange = this.#open(purpose, peer, address);
    this.#sendHeartbeat(exchange, connection, detail);
    const known = peer === undefined ? undefined : this.#membership.peers.get(peer);
    if (purpose.kind !== 'gossip' || known === undefined || !this.#detector.isWatched(known)) return;
    // Who has only not answered yet is asked about once it fails; and a node that can not keep up would only make more work for all.
    if (this.#membership.sound(known.id) || this.#detector.isLate) return;
    exchange.check = this.#prober.check(known, exchange.cycle, exchange.startedAt);
  }

  #sendHeartbeat(exchange: Exchange, connection: Connection, detail: Detail): void {
    exchange.detail = detail;
    const message = this.#speech.heartbeat(exchange.peer, detail);
    this.#context.emit({
      kind: 'sendHeartbeat',
      exchange: exchange.id,
      address: exchange.address,
      connection,
      message,
    });
  }

  #ask(helper: NodeId, check: Check): void {
    const address = this.#membership.store.get(helper)?.address ?? '';
    const exchange = this.#open({ kind: 'ask', check }, helper, address);
    const message = { ...this.#speech.envelope(), target: check.peer.id };
    this.#context.emit({ kind: 'sendProbe', exchange: exchange.id, address, message });
  }

  #open(purpose: Purpose, peer: NodeId | undefined, address: string): Exchange {
    const { cycle, now } = this.#context;
    return this.#exchanges.begin({ purpose, peer, address, cycle, startedAt: now.monotonic });
  }

  /** An answer of this mesh to a call that has failed for want of it. */
  #isLate(id: ExchangeId, { mesh }: Envelope): boolean {
    return this.#exchanges.isOver(id) && this.#sameMesh(mesh);
  }

  /** The open exchange that an answer belongs to, if it may be used. */
  #expect(id: ExchangeId, answer: Envelope): Exchange | undefined {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined || this.#sameMesh(answer.mesh)) return exchange;
    this.#fail(exchange, 'wrong_mesh');
    return undefined;
  }

  /** After the heartbeat was answered by whom it was meant for. */
  #continue(exchange: Exchange, answer: Diff): void {
    if (answer.inSync === true) {
      this.#speech.agreesWith(answer.fingerprint);
      this.#finish(exchange, answer.source, true);
    } else if (exchange.detail !== 'digest' && answer.scope === undefined && answer.digest.size === 0) {
      this.#tellMore(exchange, answer.source);
    } else {
      this.#sendDiff(exchange, answer);
    }
  }

  /** The answer is that the two hold different things. */
  #tellMore(exchange: Exchange, source: NodeId): void {
    // Who comes back from the dead is told what is held of it at once.
    const isBack = exchange.purpose.kind === 'reconnect';
    if (isBack || exchange.detail === 'buckets') this.#sendHeartbeat(exchange, 'pooled', 'digest');
    else if (this.#speech.mayTellMore()) this.#sendHeartbeat(exchange, 'pooled', this.#speech.fullDetail());
    else this.#finish(exchange, source, false);
  }

  /** Third step at A. To a peer that answered about some buckets only, A has not said yet what it holds in them. */
  #sendDiff(exchange: Exchange, answer: Diff): void {
    const message = this.#speech.diff(answer.digest, answer.source, answer.scope ?? WHOLE);
    if (message.delta.length === 0 && exchange.detail === 'digest') {
      this.#speech.agreesWith(answer.fingerprint);
      this.#finish(exchange, answer.source, false);
      return;
    }
    this.#context.emit({ kind: 'sendDiff', exchange: exchange.id, address: exchange.address, message });
  }

  #finish(exchange: Exchange, source: NodeId, inSync: boolean): void {
    this.#exchanges.end(exchange.id);
    const took = millis(this.#context.now.monotonic - exchange.startedAt);
    this.#contacts.ended(source);
    this.#membership.setConnected(source, true);
    if (exchange.purpose.kind !== 'push') {
      this.#context.tell({ kind: 'handshakeFinished', side: 'client', inSync, took });
    }
    this.#conclude(exchange, source);
  }

  #fail(exchange: Exchange, reason: ExchangeFailure | 'wrong_peer' | 'wrong_mesh'): void {
    const { id, purpose, peer, address } = exchange;
    this.#exchanges.end(id);
    if (purpose.kind === 'ask') {
      this.#prober.heard(purpose.check, 'unanswered');
      return;
    }
    if (peer !== undefined) this.#membership.setConnected(peer, false);
    this.#context.tell({ kind: 'handshakeFailed', ...(peer === undefined ? {} : { peer }), address, reason });
    if (purpose.kind === 'gossip') this.#tellAgainst(exchange);
    this.#conclude(exchange, undefined);
  }

  /** A failure tells against a peer only if it did not answer at all, in the course of a cycle, and is still at that address. */
  #tellAgainst({ peer, address, answered, cycle, startedAt, check }: Exchange): void {
    if (peer === undefined || answered || this.#detector.isVoid(cycle)) return;
    const known = this.#membership.peers.get(peer);
    const moved = this.#membership.store.live.get(peer)?.address !== address;
    if (known !== undefined && !moved) this.#prober.failed(check ?? this.#prober.check(known, cycle, startedAt));
  }

  #conclude(exchange: Exchange, source: NodeId | undefined): void {
    const { purpose, peer } = exchange;
    if (purpose.kind === 'probe' && peer !== undefined) this.#prober.looked(peer, source === peer);
    else this.#concluded(exchange, source);
  }

  /** Somebody spoke with this node himself. A node hears nobody by speaking with itself. */
  #noteLife(source: NodeId): void {
    if (source === this.#context.self) return;
    const peer = this.#membership.peers.get(source);
    this.#detector.evidence(peer);
    if (peer !== undefined) this.#membership.setIndirect(peer, false);
  }

  /** The order matters: who was not known before is known by the delta, and only then lives. */
  #takeIn(message: Diff): void {
    this.#absorb(message.delta, message.source);
    this.#noteVoice(message);
    this.#hearClaims(message);
  }

  #noteVoice(message: Heartbeat | Diff): void {
    this.#noteLife(message.source);
    const peer = this.#membership.peers.get(message.source);
    if (peer !== undefined) peer.isElder = message.fingerprint === undefined;
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
  #hearClaims(message: Heartbeat | Diff): void {
    this.#detector.vouch(message.digest);
    const claim = message.digest.get(this.#context.self);
    if (claim === undefined) return;
    const answer = this.#own.hear(claim, message.source);
    if (answer !== undefined) this.#membership.setOwn(answer);
  }

  /** A node that was alone has news for nobody: whoever it has just met knows all this. */
  #absorb(delta: Delta, source: NodeId): void {
    const isNews = !this.#membership.alone;
    for (const record of delta) {
      if (record.id === this.#context.self) {
        const answer = this.#own.hear(record, source, record.metadata);
        if (answer !== undefined) this.#membership.setOwn(answer);
      } else if (this.#membership.learn(record, source, isNews) === 'alive') {
        this.#detector.evidence(this.#membership.peers.get(record.id));
      }
    }
  }
}
