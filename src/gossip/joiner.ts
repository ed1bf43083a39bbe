import { type Millis, millis, type NodeId } from '../base/brands.ts';
import { shuffle } from '../base/random.ts';
import type { Context } from './context.ts';
import type { BootstrapTarget } from './input.ts';
import type { Membership } from './membership.ts';

/** Delay before the second try of a target; doubles with every failure up to {@link MAX_BACKOFF} (protocol, section 6). */
const FIRST_BACKOFF = millis(250);
const MAX_BACKOFF = millis(4_000);
/** Between the batches of a start, so that one answer spares the rest: fifty nodes with fifty targets each do not make 2,500 calls. */
const BATCH_GAP = millis(250);
/** How long a target whose every address is a known live member is taken to be so; then its name is resolved again. */
const SATISFIED_FOR = millis(30_000);

class Target {
  readonly name: string;
  readonly origin: BootstrapTarget['origin'];
  /** Who answered at which address, the last time somebody did. */
  readonly answers = new Map<string, NodeId>();
  addresses: readonly string[] = [];
  attempts = 0;
  nextTryAt: Millis;
  triedAt: Millis | undefined;
  /** Handshakes of the running try, and whether one of them met another node; undefined while nothing runs. */
  running: { pending: number; met: NodeId | undefined } | undefined;

  constructor({ target, origin }: BootstrapTarget, nextTryAt: Millis) {
    this.name = target;
    this.origin = origin;
    this.nextTryAt = nextTryAt;
  }
}

/**
 * Finds the mesh by its bootstrap targets. While the node is alone every target is tried again and again, each with a backoff of
 * its own up to four seconds, for ever. In company the ones that nobody alive answers for are tried one a cycle with the
 * tombstones (see `reconnect.ts`), so that two halves of a mesh find each other.
 */
export class Joiner {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #contact: (target: string, address: string) => void;
  readonly #targets = new Map<string, Target>();
  readonly #startedAt: Millis;
  /** When the next look at the targets is planned. */
  #nextLook = Number.POSITIVE_INFINITY;

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
    const order = [...targets];
    shuffle(order, context.random);
    for (const [index, target] of order.entries()) {
      const batch = Math.floor(index / context.config.gossipFactor);
      this.#targets.set(target.target, new Target(target, millis(this.#startedAt + batch * BATCH_GAP)));
    }
  }

  /** Every target of the first batch has been tried, or somebody was met without. */
  get firstRoundTried(): boolean {
    if (!this.#membership.alone) return true;
    for (const target of this.#targets.values()) {
      if (target.triedAt === undefined && target.nextTryAt <= this.#startedAt) return false;
    }
    return true;
  }

  /** The configured targets that the node, being alone, waits for. */
  waitingFor(): readonly string[] {
    if (!this.#membership.alone) return [];
    const waiting = [...this.#targets.values()].filter(
      (target) => target.origin === 'configured' && !this.#isSatisfied(target),
    );
    return waiting.map((target) => target.name);
  }

  /** While alone: tries all targets that are due and plans the next look. */
  tryDue(): void {
    const now = this.#context.now.monotonic;
    if (this.#nextLook <= now) this.#nextLook = Number.POSITIVE_INFINITY;
    if (!this.#membership.alone) return;
    let next = Number.POSITIVE_INFINITY;
    for (const target of this.#targets.values()) {
      if (target.running !== undefined) continue;
      const dueAt = this.#dueAt(target);
      if (dueAt <= now) this.#try(target);
      else next = Math.min(next, dueAt);
    }
    if (next >= this.#nextLook) return;
    this.#nextLook = next;
    this.#context.plan(next - now, { kind: 'join' });
  }

  /** Targets whose time has come: unanswered ones, and names to be looked up anew; with how long they have been of no use. */
  due(): readonly { readonly name: string; readonly age: number }[] {
    const now = this.#context.now.monotonic;
    const { tombstoneTtl } = this.#context.config;
    const open: { readonly name: string; readonly age: number }[] = [];
    for (const target of this.#targets.values()) {
      // An operator's target is always worth a try; a remembered address only as long as a tombstone would be.
      const age = target.origin === 'configured' ? 0 : now - this.#startedAt;
      if (age > tombstoneTtl || target.running !== undefined || this.#dueAt(target) > now) continue;
      open.push({ name: target.name, age });
    }
    return open;
  }

  /** Tries one target now. */
  tryNow(name: string): void {
    const target = this.#targets.get(name);
    if (target !== undefined && target.running === undefined) this.#try(target);
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

  #try(target: Target): void {
    target.running = { pending: 0, met: undefined };
    this.#context.emit({ kind: 'resolve', target: target.name });
  }

  #finishSatisfied(target: Target): void {
    target.attempts = 0;
    this.#finish(target, SATISFIED_FOR);
  }

  #finishFailed(target: Target): void {
    target.attempts += 1;
    const backoff = Math.min(MAX_BACKOFF, FIRST_BACKOFF * 2 ** (target.attempts - 1));
    this.#context.tell({ kind: 'joinFailed', target: target.name, attempts: target.attempts });
    this.#finish(target, backoff * (0.5 + 0.5 * this.#context.random.fraction()));
  }

  #finish(target: Target, delay: number): void {
    const now = this.#context.now.monotonic;
    target.triedAt = now;
    target.running = undefined;
    target.nextTryAt = millis(now + delay);
    this.tryDue();
  }

  /** A target that was answered, but not by anybody still believed alive, does not wait for its name to be looked up anew. */
  #dueAt(target: Target): number {
    if (target.attempts > 0 || target.triedAt === undefined || this.#isSatisfied(target)) return target.nextTryAt;
    return target.triedAt + this.#context.config.gossipInterval;
  }

  #isSatisfied(target: Target): boolean {
    return target.addresses.length > 0 && target.addresses.every((address) => this.#isAnswered(target, address));
  }

  /** Whoever answered at this address is this node itself or a member still believed alive. */
  #isAnswered(target: Target, address: string): boolean {
    const id = target.answers.get(address);
    if (id === undefined) return false;
    if (id === this.#context.self) return true;
    const shown = this.#membership.shown(id);
    return shown === 'HEALTHY' || shown === 'SUSPECTED_DEAD';
  }
}
