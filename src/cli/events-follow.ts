import { Bell } from './client/bell.ts';
import { fetchEvents, type ReceivedEvent } from './client/events.ts';
import type { NodeAccess } from './client/node-access.ts';
import { placeOf } from './client/request.ts';
import { failed } from './complain.ts';
import { EventTail, newest } from './event-tail.ts';
import { ExitCode } from './exit-code.ts';
import { timeOfDay } from './members-changes.ts';
import { nextSignal } from './signals.ts';

/** What changes no memberlist, such as losing contact with everybody, rings no bell. */
const LOOK_MS = 2_000;

interface FollowOptions {
  /** How many of the events that are already there are shown. */
  readonly last: number;
  readonly show: (events: readonly ReceivedEvent[]) => void;
  /** Nobody reads any more. */
  readonly closed: AbortSignal;
}

/**
 * Shows the changes that a node notices as it notices them, until a signal. A node that is away is waited for, which is said on standard
 * error; one that refuses to tell is not.
 */
export async function followEvents(node: NodeAccess, { last, show, closed }: FollowOptions): Promise<ExitCode> {
  const stop = new AbortController();
  void nextSignal().then(() => stop.abort());
  const ended = AbortSignal.any([stop.signal, closed]);
  const bell = new Bell(node, ended);
  const tail = new EventTail();
  let isFirst = true;
  let isAway = false;
  while (!ended.aborted) {
    const fetched = await fetchEvents(node, { signal: ended });
    if (ended.aborted) break;
    if (!fetched.ok && fetched.error.kind === 'refused') {
      stop.abort();
      return failed('muster events', fetched.error.message);
    }
    if (fetched.ok) {
      const { events, missed } = tail.take(fetched.value);
      if (isAway) note(`${placeOf(node)} is back`);
      if (missed > 0) note(`${missed} changes came faster than they could be read`);
      show(isFirst ? newest(events, last) : events);
      isFirst = false;
    } else if (!isAway) note(fetched.error.message);
    isAway = !fetched.ok;
    await bell.wait(LOOK_MS);
  }
  return ExitCode.ok;
}

function note(message: string): void {
  process.stderr.write(`${timeOfDay()} ${message}\n`);
}
