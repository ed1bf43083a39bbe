import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OverlayMap } from '../../../src/base/overlay-map.ts';

interface Item {
  readonly name: string;
}

type Change =
  | { readonly kind: 'set'; readonly key: string; readonly name: string }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'clear' };

const key: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const name = fc.string({ maxLength: 2 });
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('set' as const), key, name }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('get' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
);

function apply(map: Map<string, Item>, change: Change): unknown {
  switch (change.kind) {
    case 'set':
      map.set(change.key, { name: change.name });
      return undefined;
    case 'delete':
      return map.delete(change.key);
    case 'get':
      return map.get(change.key);
    case 'clear':
      map.clear();
      return undefined;
  }
}

function sorted(map: ReadonlyMap<string, Item>): readonly (readonly [string, Item])[] {
  return [...map].toSorted(([one], [other]) => one.localeCompare(other));
}

describe('a map over another one', () => {
  it('is what a copy of the other one would be, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key), fc.array(change), (keys, changes) => {
        const base = new Map(keys.map((key) => [key, { name: `base ${key}` }]));
        const before = [...base];
        const copy = new Map(base);
        const overlay = new OverlayMap(base, (_, item) => item);
        for (const change of changes) {
          expect(apply(overlay, change)).toEqual(apply(copy, change));
          expect(overlay.size).toBe(copy.size);
          expect(sorted(overlay)).toEqual(sorted(copy));
          expect(new Set(overlay.keys())).toEqual(new Set(copy.keys()));
          expect([...overlay.values()]).toEqual([...overlay.entries()].map(([, item]) => item));
          const visited: unknown[] = [];
          overlay.forEach((item, key) => visited.push([key, item]));
          expect(visited).toEqual([...overlay]);
          for (const key of ['a', 'b', 'c', 'd', 'e']) expect(overlay.has(key)).toBe(copy.has(key));
        }
        expect([...base]).toEqual(before);
      }),
    );
  });

  it('runs through the other one first, in its order, and then through what was added', () => {
    const base = new Map(['c', 'a', 'b'].map((name) => [name, { name }]));
    const overlay = new OverlayMap(base, (_, item) => item);
    overlay.set('z', { name: 'new' }).set('b', { name: 'changed' });
    overlay.delete('a');
    overlay.set('a', { name: 'again' });
    expect([...overlay].map(([key, item]) => `${key} ${item.name}`)).toEqual(['c c', 'b changed', 'z new', 'a again']);
  });

  it('makes a value when it is first asked for, and keeps it', () => {
    const made: string[] = [];
    const base = new Map(['a', 'b', 'c'].map((name) => [name, { name }]));
    const overlay = new OverlayMap(base, (key) => {
      made.push(key);
      return { count: 0 };
    });
    expect(overlay.has('a')).toBe(true);
    expect([...overlay.keys()]).toEqual(['a', 'b', 'c']);
    expect(made).toEqual([]);
    const value = overlay.get('b');
    expect(overlay.get('b')).toBe(value);
    expect(overlay.size).toBe(3);
    expect([...overlay.values()][1]).toBe(value);
    expect(made).toEqual(['b', 'a', 'c']);
  });
});
