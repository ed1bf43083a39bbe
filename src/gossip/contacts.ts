import type { NodeId } from '../base/brands.ts';
import type { Context } from './context.ts';
import type { FailureDetector } from './failure-detector.ts';
import type { Membership } from './membership.ts';

/**
 * Chooses whom a node contacts in a cycle.
 *
 * Both ends of a handshake that ends in sync know afterwards that the other lives and holds the same, whoever began it. So while
 * nothing happens a node counts what others began with it among its own `gossipFactor`, and begins only what is missing, at the
 * least `leastContacts`. Then one of them is the next in the ring of ids: so each node is still contacted in every cycle, by the one
 * before it, and a crash is met within a cycle of it. In every `gossipFactor`-th cycle one is random: so each link is still tried from both
 * its ends. And the one before a node in the ring is contacted when it has not begun a handshake, which it does in every cycle.
 *
 * As soon as anything changes, or a contact was not answered by the next cycle, and for as long as anybody is shown DEAD, a node contacts
 * `gossipFactor` random peers: who is back is known to all the sooner.
 */
export class Contacts {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  /** Peers that have begun a handshake since the last cycle, and hold the same. */
  readonly #met = new Set<NodeId>();
  /** Contacts of the last cycle that have not been answered. */
  #open: Set<NodeId> = new Set();
  /** What was known when the last cycle began. */
  #revision = 0;
  /** The next in the ring and the one before, as long as nothing changes. */
  #next: NodeId | undefined;
  #previous: NodeId | undefined;

  constructor(context: Context, membership: Membership, detector: FailureDetector) {
    this.#context = context;
    this.#membership = membership;
    this.#detector = detector;
  }

  /** A handshake that somebody began has shown that he holds the same. Only members count, or a stranger of many names could silence a node. */
  answeredInSync(source: NodeId): void {
    if (this.#membership.peers.has(source)) this.#met.add(source);
  }

  /** A handshake that this node began has come to a good end. */
  ended(peer: NodeId): void {
    this.#open.delete(peer);
  }

  /** Whom to contact in the cycle that begins now. A node that can not keep up does no more than it would in peace. */
  choose(): ReadonlySet<NodeId> {
    const { revision } = this.#membership;
    if (revision !== this.#revision) {
      this.#next = undefined;
      this.#previous = undefined;
    }
    const chosen = new Set(this.#detector.isLate ? this.#drawQuietly() : this.#chooseInTime());
    this.#revision = revision;
    this.#met.clear();
    this.#open = new Set(chosen);
    return chosen;
  }

  /** Who owes an answer from the last cycle is followed from now on. */
  #chooseInTime(): readonly NodeId[] {
    const { revision, dead, peers } = this.#membership;
    for (const id of this.#open) {
      const peer = peers.get(id);
      if (peer !== undefined) this.#detector.watch(peer);
    }
    const followed = this.#detector.followed();
    const isQuiet = this.#detector.isCalm && revision === this.#revision && dead.size === 0;
    return [...followed, ...(isQuiet ? this.#drawQuietly() : this.#draw()), ...this.#witnesses()];
  }

  /**
   * Whom to contact besides while somebody does not answer.
   *
   * - The peer that was heard last. It shows whether this node still hears anybody; else the survivors of a crash of most of the mesh meet
   *   by chance only, and take the deaths of the others for a fault of their own.
   * - The next in the ring of ids that neither fails nor owes an answer. Where one has died others next to it may have; by chance alone
   *   one of them may go without a contact for many cycles, and all that time nobody knows.
   */
  #witnesses(): readonly NodeId[] {
    if (this.#detector.isCalm) return [];
    const { walk, sound } = this.#membership;
    const next = walk.successor(this.#context.self, (id) => sound(id) && !this.#open.has(id));
    return [this.#detector.heardLast(), next].filter((id) => id !== undefined);
  }

  #draw(): readonly NodeId[] {
    return this.#membership.walk.draw(this.#context.config.gossipFactor);
  }

  #drawQuietly(): readonly NodeId[] {
    const { gossipFactor, leastContacts } = this.#context.config;
    const missing = Math.max(leastContacts, gossipFactor - this.#met.size);
    if (missing >= gossipFactor) return this.#draw();
    const { walk } = this.#membership;
    this.#next ??= walk.successor(this.#context.self, () => true);
    this.#previous ??= walk.predecessor(this.#context.self);
    if (this.#next === undefined || this.#previous === undefined) return [];
    const silent = this.#met.has(this.#previous) ? [] : [this.#previous];
    const isTurn = this.#context.cycle % gossipFactor === 0;
    return [this.#next, ...silent, ...walk.draw(Math.max(isTurn ? 1 : 0, missing - 1), this.#next)];
  }
}
