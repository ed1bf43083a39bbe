import type { ReceivedEvent } from './client/events.ts';

/** What is new among the last changes of a node. */
interface Fresh {
  readonly events: readonly ReceivedEvent[];
  /** How many changes in between the node no longer has. */
  readonly missed: number;
}

/** Tells, of the last changes that a node has, which were not there before. A node that was started again counts anew. */
export class EventTail {
  #last: ReceivedEvent['event'] | undefined;

  /** @param events all that the node has, the oldest first */
  take(events: readonly ReceivedEvent[]): Fresh {
    const last = this.#last;
    const [oldest, newest] = [events[0]?.event, events.at(-1)?.event];
    if (oldest === undefined || newest === undefined) return { events: [], missed: 0 };
    this.#last = newest;
    if (last === undefined) return { events, missed: 0 };
    const known = events.findIndex(({ event }) => event.seq === last.seq);
    if (known >= 0 && events[known]?.event.at === last.at) return { events: events.slice(known + 1), missed: 0 };
    const isNewLife = known >= 0 || newest.seq < last.seq;
    return { events, missed: isNewLife ? 0 : oldest.seq - last.seq - 1 };
  }
}

/** The last ones of a list. */
export function newest<Item>(items: readonly Item[], count: number): readonly Item[] {
  return items.slice(Math.max(0, items.length - count));
}
