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
 * before it, and a crash is met within a cycle of it. As soon as anything changes, or a contact was not answered by the next cycle, and
 * for as long as anybody is shown DEAD, a node contacts `gossipFactor` random peers: who is back is known to all the sooner.
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
  /** The next in the ring, as long as nothing changes. */
  #next: NodeId | undefined;

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

  /** Whom to contact in the cycle that begins now. */
  choose(): ReadonlySet<NodeId> {
    const { revision } = this.#membership;
    const isSame = revision === this.#revision && this.#membership.dead.size === 0;
    const isQuiet = isSame && this.#open.size === 0 && this.#detector.isCalm;
    const drawn = isQuiet ? this.#drawQuietly() : this.#draw();
    this.#revision = revision;
    this.#met.clear();
    this.#open = new Set([...this.#detector.followed(), ...drawn, ...this.#detector.witnesses()]);
    return new Set(this.#open);
  }

  /** Where one has not answered, others next to it may not either: so the next in the ring is contacted besides that owes no answer. */
  #draw(): readonly NodeId[] {
    this.#next = undefined;
    const { walk } = this.#membership;
    const drawn = walk.draw(this.#context.config.gossipFactor);
    if (this.#open.size === 0) return drawn;
    const beyond = walk.successor(this.#context.self, (id) => !this.#open.has(id));
    return beyond === undefined ? drawn : [...drawn, beyond];
  }

  #drawQuietly(): readonly NodeId[] {
    const { gossipFactor, leastContacts } = this.#context.config;
    const missing = Math.max(leastContacts, gossipFactor - this.#met.size);
    if (missing >= gossipFactor) return this.#draw();
    const { walk } = this.#membership;
    this.#next ??= walk.successor(this.#context.self, () => true);
    return this.#next === undefined ? [] : [this.#next, ...walk.draw(missing - 1, this.#next)];
  }
}
