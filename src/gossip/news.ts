import type { Millis, NodeId } from '../base/brands.ts';
import { DeltaBuilder } from '../store/delta.ts';
import type { MemberRecord } from '../store/record.ts';
import type { Context } from './context.ts';
import type { Membership } from './membership.ts';

/**
 * Passes on what is new without waiting for the timer (protocol, section 3.2): what comes in within `eagerWindow` goes out together, and
 * not more often than every `eagerMinGap`. Whoever it is news to does the same, whoever knows it stays silent.
 *
 * One of the peers is the next in the ring of ids, the others are drawn at random. Random choice alone leaves out six in a hundred (a
 * rumour told to three is missed by e^-3s of all, Karp et al., "Randomized Rumor Spreading", 2000); in the ring whoever is reached
 * reaches the next one too, so without loss nobody is left out.
 */
export class News {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #push: (peer: NodeId, delta: readonly MemberRecord[]) => void;
  /** What is to be told, and whom it was heard from. */
  readonly #items = new Map<NodeId, NodeId | undefined>();
  #planned = false;
  #lastPush: Millis | undefined;

  /** @param push sends records to a peer; nothing depends on the outcome */
  constructor(context: Context, membership: Membership, push: (peer: NodeId, delta: readonly MemberRecord[]) => void) {
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

  /** The time to tell has come. */
  tell(): void {
    this.#planned = false;
    this.#lastPush = this.#context.now.monotonic;
    const { delta, sources } = this.#take();
    if (delta.length === 0) return;
    const peers = this.#choose(delta, sources);
    for (const peer of peers) this.#push(peer, delta);
    if (peers.size > 0) this.#context.tell({ kind: 'newsPushed', peers: peers.size, records: delta.length });
    if (this.#items.size > 0) this.#plan();
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    const { eagerWindow, eagerMinGap } = this.#context.config;
    const rest = this.#lastPush === undefined ? 0 : this.#lastPush + eagerMinGap - this.#context.now.monotonic;
    this.#context.plan(Math.max(eagerWindow, rest), { kind: 'tellNews' });
  }

  /** As much as fits one delta, and whom it was heard from; the rest stays for the next time. */
  #take(): { readonly delta: readonly MemberRecord[]; readonly sources: ReadonlySet<NodeId | undefined> } {
    const { store, unspoken } = this.#membership;
    const builder = new DeltaBuilder(this.#context.config.maxDeltaBytes);
    const sources = new Set<NodeId | undefined>();
    for (const [id, source] of this.#items) {
      const record = store.get(id);
      if (record !== undefined && !unspoken(id)) {
        if (!builder.add(record)) break;
        sources.add(source);
      }
      this.#items.delete(id);
    }
    return { delta: builder.build(), sources };
  }

  /** Who is the subject or the source of all there is to tell knows it. Who is so of a part of it only may not know the rest. */
  #choose(delta: readonly MemberRecord[], sources: ReadonlySet<NodeId | undefined>): ReadonlySet<NodeId> {
    const { gossipFactor } = this.#context.config;
    const { walk } = this.#membership;
    const subject = delta.length === 1 ? delta[0]?.id : undefined;
    const [teller] = sources.size === 1 ? sources : [];
    const listens = (id: NodeId): boolean => id !== subject && this.#membership.shown(id) === 'HEALTHY';
    const chosen = new Set<NodeId>();
    const next = gossipFactor > 1 ? walk.successor(this.#context.self, listens) : undefined;
    if (next !== undefined && next !== teller) chosen.add(next);
    const others = (id: NodeId): boolean => listens(id) && !chosen.has(id) && id !== teller;
    for (const id of walk.sample(gossipFactor - chosen.size, others)) chosen.add(id);
    return chosen;
  }
}
