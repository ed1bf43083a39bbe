/**
 * A binary min-heap of things due at a time. Things due at the same time come out in the order they were added, so that a
 * run is repeatable.
 */
export class Heap<Item> {
  readonly #slots: { readonly at: number; readonly order: number; readonly item: Item }[] = [];
  #added = 0;

  get size(): number {
    return this.#slots.length;
  }

  /** When the first thing is due, or undefined when there is none. */
  get nextAt(): number | undefined {
    return this.#slots[0]?.at;
  }

  add(at: number, item: Item): void {
    const slots = this.#slots;
    slots.push({ at, order: this.#added, item });
    this.#added += 1;
    let child = slots.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Takes out the first thing that is due at or before `now`; undefined when nothing is. */
  takeDue(now: number): { readonly at: number; readonly item: Item } | undefined {
    const slots = this.#slots;
    const first = slots[0];
    if (first === undefined || first.at > now) return undefined;
    const last = slots.pop();
    if (last !== undefined && slots.length > 0) {
      slots[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    const size = this.#slots.length;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      if (left >= size) return;
      const right = left + 1;
      const child = right < size && this.#before(right, left) ? right : left;
      if (!this.#before(child, parent)) return;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #before(one: number, other: number): boolean {
    const a = this.#slots[one];
    const b = this.#slots[other];
    if (a === undefined || b === undefined) return false;
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  #swap(one: number, other: number): void {
    const a = this.#slots[one];
    const b = this.#slots[other];
    if (a === undefined || b === undefined) return;
    this.#slots[one] = b;
    this.#slots[other] = a;
  }
}
