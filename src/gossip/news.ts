import type { Millis, NodeId } from '../base/brands.ts';
import { sample } from '../base/random.ts';
import { DeltaBuilder } from '../store/delta.ts';
import type { MemberRecord } from '../store/record.ts';
import type { Context } from './context.ts';
import type { Membership } from './membership.ts';

/** News that is on its way. */
export interface Telling {
  /** The members that it is about. */
  readonly about: readonly NodeId[];
  /** Who was told it or knows it anyway. */
  readonly told: Set<NodeId>;
  /** Who was told as the next in the ring. */
  next: NodeId | undefined;
  /** How many more may be told in the place of those that do not answer. */
  spare: number;
}

/** Who is to be told. */
interface Choice {
  readonly peers: ReadonlySet<NodeId>;
  /** The next in the ring, whether it is told or knows already. */
  readonly next: NodeId | undefined;
  /** Who need not be told. */
  readonly knowing: readonly NodeId[];
}

/** Sends records to a peer. If it gets no answer, {@link News.missed} is to be called. */
export type Push = (peer: NodeId, delta: readonly MemberRecord[], telling: Telling) => void;

/**
 * Passes on what is new without waiting for the timer (protocol, section 3.2): what comes in within `eagerWindow` goes out together, and
 * not more often than every `eagerMinGap`. Whoever it is news to does the same, whoever knows it stays silent.
 *
 * One of the peers is the next in the ring of ids, the others are drawn at random. Random choice alone leaves out six in a hundred (a
 * rumour told to three is missed by e^-3s of all, Karp et al., "Randomized Rumor Spreading", 2000); in the ring whoever is reached
 * reaches the next one too, so without loss nobody is left out.
 *
 * When many die at once, most pushes of those who notice it would go to the dead. So a peer that fails is told only if there is nobody
 * else, and for each that does not answer another is told; so the ring closes over the dead.
 */
export class News {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #push: Push;
  /** What is to be told, and whom it was heard from. */
  readonly #items = new Map<NodeId, NodeId | undefined>();
  #planned = false;
  #lastPush: Millis | undefined;
  /** Pushes that have been neither answered nor given up. */
  #unanswered = 0;

  constructor(context: Context, membership: Membership, push: Push) {
    this.#context = context;
    this.#membership = membership;
    this.#push = push;
  }

  /** This node has passed on news within the last interval. */
  get isBusy(): boolean {
    const { now, config } = this.#context;
    return this.#lastPush !== undefined && now.monotonic - this.#lastPush < config.gossipInterval;
  }

  /** A member's record is new to this node. */
  add(id: NodeId, source: NodeId | undefined): void {
    this.#items.set(id, source);
    this.#plan();
  }

  /** The time to tell has come, unless too many of the last pushes are still unanswered. */
  tell(): void {
    this.#planned = false;
    if (this.#rest > 0) {
      this.#plan();
      return;
    }
    this.#lastPush = this.#context.now.monotonic;
    const { delta, sources } = this.#take();
    if (delta.length === 0) return;
    const { gossipFactor } = this.#context.config;
    const { peers, next, knowing } = this.#choose(delta, sources);
    const telling = { about: delta.map(({ id }) => id), told: new Set(knowing), next, spare: gossipFactor };
    for (const peer of peers) this.#tellTo(peer, delta, telling);
    if (peers.size > 0) this.#context.tell({ kind: 'newsPushed', peers: peers.size, records: delta.length });
    if (this.#items.size > 0) this.#plan();
  }

  /** A push was answered or given up. */
  ended(): void {
    this.#unanswered -= 1;
  }

  /** A peer did not answer a push: another is told what is held of it now, in the place of the next in the ring the one after that. */
  missed(telling: Telling, peer: NodeId | undefined): void {
    if (telling.spare === 0) return;
    telling.spare -= 1;
    const { delta } = this.#collect(telling.about);
    if (delta.length === 0) return;
    const untold = (id: NodeId): boolean => !telling.told.has(id);
    const after = peer === telling.next ? this.#next(untold) : undefined;
    if (after !== undefined) telling.next = after;
    for (const other of after === undefined ? this.#draw(1, untold) : [after]) this.#tellTo(other, delta, telling);
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    const { eagerWindow, eagerMinGap } = this.#context.config;
    this.#context.plan(Math.max(eagerWindow, Math.min(this.#rest, eagerMinGap)), { kind: 'tellNews' });
  }

  /** How long to wait until the next push, ms. The gap doubles with every push that is not answered. */
  get #rest(): number {
    if (this.#lastPush === undefined) return 0;
    const { eagerMinGap, gossipFactor } = this.#context.config;
    const gap = eagerMinGap * 2 ** Math.min(this.#unanswered, gossipFactor);
    return this.#lastPush + gap - this.#context.now.monotonic;
  }

  #tellTo(peer: NodeId, delta: readonly MemberRecord[], telling: Telling): void {
    telling.told.add(peer);
    this.#unanswered += 1;
    this.#push(peer, delta, telling);
  }

  /** As much as fits one delta, and whom it was heard from; the rest stays for the next time. */
  #take(): { readonly delta: readonly MemberRecord[]; readonly sources: ReadonlySet<NodeId | undefined> } {
    const { delta, settled } = this.#collect(this.#items.keys());
    const sources = new Set(delta.map(({ id }) => this.#items.get(id)));
    for (const id of settled) this.#items.delete(id);
    return { delta, sources };
  }

  /** What is held of these members and may be told, as much as fits one delta; and of which of them there is nothing more to tell. */
  #collect(ids: Iterable<NodeId>): { readonly delta: readonly MemberRecord[]; readonly settled: readonly NodeId[] } {
    const { store, unspoken } = this.#membership;
    const builder = new DeltaBuilder(this.#context.config.maxDeltaBytes);
    const settled: NodeId[] = [];
    for (const id of ids) {
      const record = store.get(id);
      if (record !== undefined && !unspoken(id) && !builder.add(record)) break;
      settled.push(id);
    }
    return { delta: builder.build(), settled };
  }

  /** Who is the subject or the source of all there is to tell knows it. Who is so of a part of it only may not know the rest. */
  #choose(delta: readonly MemberRecord[], sources: ReadonlySet<NodeId | undefined>): Choice {
    const { gossipFactor } = this.#context.config;
    const subject = delta.length === 1 ? delta[0]?.id : undefined;
    const [teller] = sources.size === 1 ? sources : [];
    const chosen = new Set<NodeId>();
    const next = gossipFactor > 1 ? this.#next((id) => id !== subject) : undefined;
    if (next !== undefined && next !== teller) chosen.add(next);
    const others = (id: NodeId): boolean => id !== subject && id !== teller && !chosen.has(id);
    for (const id of this.#draw(gossipFactor - chosen.size, others)) chosen.add(id);
    return { peers: chosen, next, knowing: [subject, teller].filter((id) => id !== undefined) };
  }

  /** The next in the ring that does not fail. */
  #next(willDo: (id: NodeId) => boolean): NodeId | undefined {
    const { walk, sound } = this.#membership;
    return walk.successor(this.#context.self, (id) => willDo(id) && sound(id));
  }

  /**
   * Up to `count` peers at random: those to which a connection is open first, for to make one costs as much as many pushes; one that
   * fails only where the others do not suffice.
   */
  #draw(count: number, willDo: (id: NodeId) => boolean): readonly NodeId[] {
    const { walk, sound, connected } = this.#membership;
    const near = [...connected].filter((id) => willDo(id) && sound(id));
    const drawn = [...sample(near, count, this.#context.random)];
    const fails = (id: NodeId): boolean => this.#membership.shown(id) === 'HEALTHY' && !sound(id);
    for (const isOfClass of [(id: NodeId) => sound(id) && !connected.has(id), fails]) {
      drawn.push(...walk.sample(count - drawn.length, (id) => willDo(id) && isOfClass(id)));
    }
    return drawn;
  }
}
