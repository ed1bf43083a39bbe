import type { NodeId } from '../base/brands.ts';
import { type Random, shuffle } from '../base/random.ts';

/**
 * Draws peers by walking a shuffled list to its end before it is shuffled anew (SWIM, section 4.3, "round-robin probe
 * target selection"). Drawing at random each time would leave some peer uncontacted for many cycles; this way each one is drawn
 * once in every walk, which takes `ceil(peers / count)` draws.
 */
export class ShuffledWalk {
  readonly #members = new Set<NodeId>();
  readonly #order: NodeId[] = [];
  #position = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#order.length;
  }

  /** A newcomer takes a random place in what is left of the walk, so that it neither waits for the next nor jumps the queue. */
  add(id: NodeId): void {
    if (this.#members.has(id)) return;
    this.#members.add(id);
    const place = this.#position + this.#random.below(this.#order.length - this.#position + 1);
    this.#order.splice(place, 0, id);
  }

  remove(id: NodeId): void {
    if (!this.#members.delete(id)) return;
    const place = this.#order.indexOf(id);
    this.#order.splice(place, 1);
    if (place < this.#position) this.#position -= 1;
  }

  /** The next `count` members, each at most once; fewer when there are not so many. */
  draw(count: number): readonly NodeId[] {
    const drawn = new Set<NodeId>();
    const wanted = Math.min(count, this.#order.length);
    while (drawn.size < wanted) {
      if (this.#position === this.#order.length) {
        shuffle(this.#order, this.#random);
        this.#position = 0;
      }
      const id = this.#order[this.#position];
      this.#position += 1;
      if (id !== undefined) drawn.add(id);
    }
    return [...drawn];
  }
}
