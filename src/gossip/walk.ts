import type { NodeId } from '../base/brands.ts';
import { type Random, shuffle } from '../base/random.ts';

/**
 * Draws peers by walking a shuffled list to its end before it is shuffled anew (SWIM, section 4.3, "round-robin probe
 * target selection"). Drawing at random each time would leave some peer uncontacted for many cycles; this way each one is drawn
 * once in every walk, which takes `ceil(peers / count)` draws.
 */
export class ShuffledWalk {
  readonly #order: NodeId[];
  #position = 0;
  readonly #random: Random;

  /** @param members who is in it at first, each once */
  constructor(random: Random, members: Iterable<NodeId> = []) {
    this.#random = random;
    this.#order = [...members];
    shuffle(this.#order, random);
  }

  get size(): number {
    return this.#order.length;
  }

  /** A newcomer, who must not be in it yet, takes a random place in what is left of the walk: it neither waits for the next nor jumps the queue. */
  add(id: NodeId): void {
    const place = this.#position + this.#random.below(this.#order.length - this.#position + 1);
    this.#order.splice(place, 0, id);
  }

  remove(id: NodeId): void {
    const place = this.#order.indexOf(id);
    if (place < 0) return;
    this.#order.splice(place, 1);
    if (place < this.#position) this.#position -= 1;
  }

  /**
   * Up to `count` different members drawn at random among those that will do. Does not move the walk.
   *
   * Looks at each member at most once: from a random place of the walk's order, which is random itself.
   */
  sample(count: number, willDo: (id: NodeId) => boolean): readonly NodeId[] {
    const { length } = this.#order;
    const sampled: NodeId[] = [];
    if (length === 0 || count < 1) return sampled;
    const first = this.#random.below(length);
    for (let step = 0; step < length && sampled.length < count; step += 1) {
      const id = this.#order[(first + step) % length];
      if (id !== undefined && willDo(id)) sampled.push(id);
    }
    return sampled;
  }

  /** The member that follows `id` in the ring of ids, among those that will do; undefined when there is none. */
  successor(id: NodeId, willDo: (id: NodeId) => boolean): NodeId | undefined {
    let next: NodeId | undefined;
    let first: NodeId | undefined;
    for (const other of this.#order) {
      const closer =
        other > id ? next === undefined || other < next : next === undefined && (first === undefined || other < first);
      if (!closer || !willDo(other)) continue;
      if (other > id) next = other;
      else first = other;
    }
    return next ?? first;
  }

  /** The member that comes before `id` in the ring of ids; undefined when there is none. */
  predecessor(id: NodeId): NodeId | undefined {
    let previous: NodeId | undefined;
    let last: NodeId | undefined;
    for (const other of this.#order) {
      if (other < id && (previous === undefined || other > previous)) previous = other;
      if (last === undefined || other > last) last = other;
    }
    return previous ?? last;
  }

  /** The next `count` members, each at most once and `except` not at all; fewer when there are not so many. */
  draw(count: number, except?: NodeId): readonly NodeId[] {
    const drawn = new Set<NodeId>();
    const { size } = this;
    // Whether it is one of them matters only where all of them are wanted.
    const wanted =
      count < size || except === undefined || !this.#order.includes(except) ? Math.min(count, size) : size - 1;
    while (drawn.size < wanted) {
      if (this.#position === this.#order.length) {
        shuffle(this.#order, this.#random);
        this.#position = 0;
      }
      const id = this.#order[this.#position];
      this.#position += 1;
      if (id !== undefined && id !== except) drawn.add(id);
    }
    return [...drawn];
  }
}
