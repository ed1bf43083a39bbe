/**
 * A map that begins with the keys of another one, and keeps only what has become different in it. Many of them can stand over one base,
 * which must not change.
 *
 * It runs through the keys of the base first, in their order, and then through those that were added.
 */
export class OverlayMap<Key, Base extends object, Value extends object> extends Map<Key, Value> {
  readonly #base: ReadonlyMap<Key, Base>;
  readonly #valueOf: (key: Key, base: Base) => Value;
  /** Keys of the base that were deleted, some of them added again later. */
  readonly #gone = new Set<Key>();
  #size: number;

  /** @param valueOf makes a value of what the base has of a key, when it is first asked for */
  constructor(base: ReadonlyMap<Key, Base>, valueOf: (key: Key, base: Base) => Value) {
    super();
    this.#base = base;
    this.#valueOf = valueOf;
    this.#size = base.size;
  }

  override get size(): number {
    return this.#size;
  }

  override has(key: Key): boolean {
    return super.has(key) || (this.#base.has(key) && !this.#gone.has(key));
  }

  override get(key: Key): Value | undefined {
    const own = super.get(key);
    if (own !== undefined || this.#gone.has(key)) return own;
    const base = this.#base.get(key);
    return base === undefined ? undefined : this.#make(key, base);
  }

  override set(key: Key, value: Value): this {
    if (!this.has(key)) this.#size += 1;
    return super.set(key, value);
  }

  override delete(key: Key): boolean {
    if (!this.has(key)) return false;
    super.delete(key);
    if (this.#base.has(key)) this.#gone.add(key);
    this.#size -= 1;
    return true;
  }

  override clear(): void {
    for (const key of this.keys()) this.delete(key);
  }

  override *keys(): MapIterator<Key> {
    for (const key of this.#base.keys()) if (!this.#gone.has(key)) yield key;
    for (const key of super.keys()) if (this.#isAdded(key)) yield key;
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  override *entries(): MapIterator<[Key, Value]> {
    for (const [key, base] of this.#base) {
      if (this.#gone.has(key)) continue;
      yield [key, super.get(key) ?? this.#make(key, base)];
    }
    for (const entry of super.entries()) if (this.#isAdded(entry[0])) yield entry;
  }

  override [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: Key, map: Map<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  #isAdded(key: Key): boolean {
    return !this.#base.has(key) || this.#gone.has(key);
  }

  /** What is made stays, so that it is the same the next time; what the base has itself needs no place here. */
  #make(key: Key, base: Base): Value {
    const value = this.#valueOf(key, base);
    if ((value as object) !== base) super.set(key, value);
    return value;
  }
}
