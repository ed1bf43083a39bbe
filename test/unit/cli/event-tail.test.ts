import { describe, expect, it } from 'vitest';
import { EventTail, newest } from '../../../src/cli/event-tail.ts';
import { changed } from './fixture.ts';

/** Events with these numbers, noticed in one life of a node. */
function events(life: number, ...numbers: readonly number[]) {
  return numbers.map((seq) => ({ event: changed({ seq, at: new Date(life + seq).toISOString() }), raw: seq }));
}

const taken = (tail: EventTail, given: ReturnType<typeof events>) => {
  const { events: fresh, missed } = tail.take(given);
  return { fresh: fresh.map(({ raw }) => raw), missed };
};

describe('what is new among the last changes of a node', () => {
  it('is all at first, and then what came after', () => {
    const tail = new EventTail();
    expect(taken(tail, events(0, 1, 2))).toEqual({ fresh: [1, 2], missed: 0 });
    expect(taken(tail, events(0, 1, 2))).toEqual({ fresh: [], missed: 0 });
    expect(taken(tail, events(0, 2, 3, 4))).toEqual({ fresh: [3, 4], missed: 0 });
  });

  it('is nothing where there is nothing, and then all', () => {
    const tail = new EventTail();
    expect(taken(tail, [])).toEqual({ fresh: [], missed: 0 });
    expect(taken(tail, events(0, 1))).toEqual({ fresh: [1], missed: 0 });
  });

  it('says how many came and went in between', () => {
    const tail = new EventTail();
    tail.take(events(0, 1, 2));
    expect(taken(tail, events(0, 6, 7))).toEqual({ fresh: [6, 7], missed: 3 });
    expect(taken(tail, events(0, 8))).toEqual({ fresh: [8], missed: 0 });
  });

  it('is all of a node that was started again, be it behind or ahead of its former life', () => {
    const tail = new EventTail();
    tail.take(events(0, 1, 2, 3));
    expect(taken(tail, events(10_000, 1, 2))).toEqual({ fresh: [1, 2], missed: 0 });
    expect(taken(tail, events(20_000, 1, 2, 3, 4))).toEqual({ fresh: [1, 2, 3, 4], missed: 0 });
  });
});

describe('the newest of a list', () => {
  it.each([
    [0, []],
    [2, [2, 3]],
    [9, [1, 2, 3]],
    [Number.POSITIVE_INFINITY, [1, 2, 3]],
  ])('%d', (count, expected) => {
    expect(newest([1, 2, 3], count)).toEqual(expected);
  });
});
