import { type Millis, millis, type NodeId } from '../base/brands.ts';
import { shuffle } from '../base/random.ts';
import type { Context } from './context.ts';
import type { BootstrapTarget } from './input.ts';
import type { Membership } from './membership.ts';

/** Doubles with every round that met nobody, up to {@link MAX_BACKOFF} (protocol, section 6); half of it is jitter. */
const FIRST_BACKOFF = millis(125);
const MAX_BACKOFF = millis(4_000);
/** Beyond these both the backoff and the size of a round are at their limits. */
const MAX_DOUBLINGS = 8;
/** Targets of one round at the most. */
const MAX_ROUND = 16;
/** How long a target whose every address is a known live member is taken to be so; then its name is resolved again. */
const SATISFIED_FOR = millis(30_000);

class Target {
  readonly name: string;
  readonly origin: BootstrapTarget['origin'];
  /** Who answered at which address, the last time somebody did. */
  readonly answers = new Map<string, NodeId>();
  addresses: readonly string[] = [];
  /** Failed tries in a row. */
  attempts = 0;
  /** When the last try ended. */
  triedAt: Millis | undefined;
  /** The running try: its open handshakes, whom it met, and whether it is part of a round; undefined while nothing runs. */
  running: { pending: number; met: NodeId | undefined; readonly inRound: boolean } | undefined;

  constructor({ target, origin }: BootstrapTarget) {
    this.name = target;
    this.origin = origin;
  }
}

/**
 * Finds the mesh by its bootstrap targets. While the node is alone it tries them in rounds, for ever: `gossipFactor` of them in the
 * first round and twice as many in each that follows, those that were tried longest ago first, and between two rounds a backoff that
 * doubles up to four seconds. A round begins only when the last one has ended; so fifty nodes that start together on a machine too
 * slow to answer in time try less and less often until somebody can.
 *
 * In company the targets are tried one a cycle with the tombstones (see `reconnect.ts`), so that two halves of a mesh find each other.
 */
export class Joiner {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #contact: (target: string, address: string) => void;
  readonly #targets = new Map<string, Target>();
  readonly #startedAt: Millis;
  /** Rounds in a row that met nobody. */
  #failedRounds = 0;
  #nextRoundAt: Millis;
  /** Tries of the running round that have not ended. */
  #roundOpen = 0;
  #firstRoundTried: boolean;
  /** Where the members that are shown HEALTHY say they are, as of a revision of the membership. */
  readonly #places = new Set<string>();
  #placesOf = -1;

  /** @param contact begins a handshake with an address on behalf of a target, over a fresh connection */
  constructor(
    context: Context,
    membership: Membership,
    targets: readonly BootstrapTarget[],
    contact: (target: string, address: string) => void,
  ) {
    this.#context = context;
    this.#membership = membership;
    this.#contact = contact;
    this.#startedAt = context.now.monotonic;
    this.#nextRoundAt = this.#startedAt;
    this.#firstRoundTried = targets.length === 0;
    const order = [...targets];
    shuffle(order, context.random);
    for (const target of order) this.#targets.set(target.target, new Target(target));
  }

  /** Takes in further targets and tries them at once. Those that are known already stay as they are. */
  add(targets: readonly BootstrapTarget[]): void {
    for (const target of targets) {
      if (this.#targets.has(target.target)) continue;
      this.#targets.set(target.target, new Target(target));
      this.tryNow(target.target);
    }
  }

  /** The targets of the first round have been tried, or somebody was met without. */
  get firstRoundTried(): boolean {
    return this.#firstRoundTried || !this.#membership.alone;
  }

  /** The configured targets that the node, being alone, waits for. */
  waitingFor(): readonly string[] {
    if (!this.#membership.alone) return [];
    const waiting = [...this.#targets.values()].filter(
      (target) => target.origin === 'configured' && !this.#isSatisfied(target),
    );
    return waiting.map((target) => target.name);
  }

  /** While alone: begins the next round if its time has come. */
  tryDue(): void {
    const now = this.#context.now.monotonic;
    if (!this.#membership.alone || this.#roundOpen > 0 || now < this.#nextRoundAt) return;
    const size = Math.min(
      MAX_ROUND,
      this.#context.config.gossipFactor * 2 ** Math.min(this.#failedRounds, MAX_DOUBLINGS),
    );
    const open = [...this.#targets.values()].filter(
      (target) => target.running === undefined && !(this.#isSatisfied(target) && this.#rests(target, SATISFIED_FOR)),
    );
    const round = open.toSorted((a, b) => (a.triedAt ?? 0) - (b.triedAt ?? 0)).slice(0, size);
    this.#roundOpen = round.length;
    for (const target of round) this.#try(target, true);
  }

  /**
   * In company, the targets whose time has come: unanswered ones, and names to be looked up anew; with how long they have been of no use.
   * A node alone has its rounds.
   */
  due(): readonly { readonly name: string; readonly age: number }[] {
    const { gossipInterval, tombstoneTtl } = this.#context.config;
    const open: { readonly name: string; readonly age: number }[] = [];
    if (this.#membership.alone) return open;
    for (const target of this.#targets.values()) {
      // An operator's target is always worth a try; a remembered address only as long as a tombstone would be.
      const age = target.origin === 'configured' ? 0 : this.#context.now.monotonic - this.#startedAt;
      if (age > tombstoneTtl || target.running !== undefined) continue;
      if (this.#rests(target, this.#isSatisfied(target) ? SATISFIED_FOR : gossipInterval)) continue;
      open.push({ name: target.name, age });
    }
    return open;
  }

  /** Tries one target now. */
  tryNow(name: string): void {
    const target = this.#targets.get(name);
    if (target !== undefined && target.running === undefined) this.#try(target, false);
  }

  /** A target has been resolved; no address at all is a failed try. */
  resolved(name: string, addresses: readonly string[]): void {
    const target = this.#targets.get(name);
    if (target?.running === undefined) return;
    target.addresses = addresses;
    for (const address of target.answers.keys()) {
      if (!addresses.includes(address)) target.answers.delete(address);
    }
    const open = addresses.filter((address) => !this.#isAnswered(target, address));
    shuffle(open, this.#context.random);
    const chosen = open.slice(0, 2 * this.#context.config.gossipFactor);
    target.running.pending = chosen.length;
    if (chosen.length === 0) {
      if (addresses.length === 0) this.#finishFailed(target);
      else this.#finishSatisfied(target);
      return;
    }
    for (const address of chosen) this.#contact(name, address);
  }

  /** A handshake on behalf of a target was answered, by `id` (perhaps this very node), or failed. */
  concluded(name: string, address: string, id: NodeId | undefined): void {
    const target = this.#targets.get(name);
    if (target?.running === undefined) return;
    if (id !== undefined) target.answers.set(address, id);
    if (id !== undefined && id !== this.#context.self) target.running.met = id;
    target.running.pending -= 1;
    if (target.running.pending > 0) return;
    const { met } = target.running;
    if (met !== undefined) {
      this.#context.tell({ kind: 'joined', target: name, peer: met });
      this.#finishSatisfied(target);
    } else if (this.#isSatisfied(target)) {
      this.#finishSatisfied(target);
    } else {
      this.#finishFailed(target);
    }
  }

  #try(target: Target, inRound: boolean): void {
    target.running = { pending: 0, met: undefined, inRound };
    this.#context.emit({ kind: 'resolve', target: target.name });
  }

  #finishSatisfied(target: Target): void {
    target.attempts = 0;
    this.#finish(target);
  }

  #finishFailed(target: Target): void {
    target.attempts += 1;
    this.#context.tell({ kind: 'joinFailed', target: target.name, attempts: target.attempts });
    this.#finish(target);
  }

  #finish(target: Target): void {
    const inRound = target.running?.inRound === true;
    target.triedAt = this.#context.now.monotonic;
    target.running = undefined;
    if (!inRound) return;
    this.#roundOpen -= 1;
    if (this.#roundOpen === 0) this.#endRound();
  }

  #endRound(): void {
    this.#firstRoundTried = true;
    this.#failedRounds = this.#membership.alone ? this.#failedRounds + 1 : 0;
    const backoff = Math.min(MAX_BACKOFF, FIRST_BACKOFF * 2 ** Math.min(this.#failedRounds, MAX_DOUBLINGS));
    const delay = backoff * (0.5 + 0.5 * this.#context.random.fraction());
    this.#nextRoundAt = millis(this.#context.now.monotonic + delay);
    this.#context.plan(delay, { kind: 'join' });
  }

  /** It was tried less than `time` ago. */
  #rests(target: Target, time: Millis): boolean {
    return target.triedAt !== undefined && this.#context.now.monotonic - target.triedAt < time;
  }

  #isSatisfied(target: Target): boolean {
    return target.addresses.length > 0 && target.addresses.every((address) => this.#isAnswered(target, address));
  }

  /** Whoever answered at this address is this node itself or a member still believed alive; or a HEALTHY one says that it is there. */
  #isAnswered(target: Target, address: string): boolean {
    const id = target.answers.get(address);
    if (id === this.#context.self || this.#isPlace(address)) return true;
    if (id === undefined) return false;
    const shown = this.#membership.shown(id);
    return shown === 'HEALTHY' || shown === 'SUSPECTED_DEAD';
  }

  #isPlace(address: string): boolean {
    const { revision, peers, store } = this.#membership;
    if (this.#placesOf !== revision) {
      this.#placesOf = revision;
      this.#places.clear();
      for (const id of peers.keys()) {
        const record = store.live.get(id);
        if (record !== undefined && this.#membership.shown(id) === 'HEALTHY') this.#places.add(record.address);
      }
    }
    return this.#places.has(address);
  }
}
