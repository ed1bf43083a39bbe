import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from '../../../src/base/heap.ts';

function drain<Item>(heap: Heap<Item>, now = Number.POSITIVE_INFINITY): { readonly at: number; readonly item: Item }[] {
  const taken: { readonly at: number; readonly item: Item }[] = [];
  for (let due = heap.takeDue(now); due !== undefined; due = heap.takeDue(now)) taken.push(due);
  return taken;
}

describe('Heap', () => {
  it('is empty at first', () => {
    const heap = new Heap<string>();
    expect(heap.size).toBe(0);
    expect(heap.nextAt).toBeUndefined();
    expect(heap.takeDue(Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  it('hands out what is due, and nothing before its time', () => {
    const heap = new Heap<string>();
    heap.add(30, 'late');
    heap.add(10, 'early');
    heap.add(20, 'middle');
    expect(heap.nextAt).toBe(10);
    expect(heap.takeDue(9)).toBeUndefined();
    expect(drain(heap, 20).map(({ item }) => item)).toEqual(['early', 'middle']);
    expect(heap.nextAt).toBe(30);
    expect(heap.size).toBe(1);
  });

  it('keeps the order of adding among things due at one time', () => {
    const heap = new Heap<number>();
    for (let index = 0; index < 20; index += 1) heap.add(index % 2, index);
    const taken = drain(heap).map(({ item }) => item);
    expect(taken).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  });

  it('sorts stably, whatever is added and taken in between', () => {
    const moves = fc.array(
      fc.oneof(fc.record({ add: fc.nat({ max: 20 }) }), fc.record({ take: fc.nat({ max: 20 }) })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(moves, (played) => {
        const heap = new Heap<number>();
        const taken: (number | undefined)[] = [];
        const wanted: (number | undefined)[] = [];
        let model: { readonly at: number; readonly item: number }[] = [];
        for (const [item, move] of played.entries()) {
          if ('add' in move) {
            heap.add(move.add, item);
            model = [...model, { at: move.add, item }].toSorted((a, b) => a.at - b.at || a.item - b.item);
          } else {
            const first = model[0];
            const expected = first !== undefined && first.at <= move.take ? first : undefined;
            taken.push(heap.takeDue(move.take)?.item);
            wanted.push(expected?.item);
            if (expected !== undefined) model = model.slice(1);
          }
          expect(heap.size).toBe(model.length);
          expect(heap.nextAt).toBe(model[0]?.at);
        }
        expect(taken).toEqual(wanted);
      }),
    );
  });
});
