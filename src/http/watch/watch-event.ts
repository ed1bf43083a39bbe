import { memberJson } from '../memberlist-json.ts';
import type { ShownMember } from '../port.ts';

/** How a change looks to a watcher: a member that enters its selection is added, one that leaves it is deleted. */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/**
 * Why a watch has ended. `shutdown`: the node stops. `slow_reader`: the client did not read for too long. `resume_impossible`: the
 * changes since the given id are not known here. `too_many_watchers`: this node has as many as it serves.
 */
export type EndReason = 'shutdown' | 'slow_reader' | 'resume_impossible' | 'too_many_watchers';

/** What a watcher is told. */
export type WatchEvent =
  | { readonly type: ChangeType; readonly member: ShownMember }
  /** The initial list is complete; it had so many members. */
  | { readonly type: 'SYNCED'; readonly count: number }
  /** Nothing has happened; the watch lives. */
  | { readonly type: 'BOOKMARK' }
  /** The last event. */
  | { readonly type: 'ENDED'; readonly reason: EndReason };

/** Writes an event as its transport sends it. `id` is where a watcher resumes after this event; without one it stays where it was. */
export type EncodeEvent = (event: WatchEvent, id?: string) => Buffer;

/** An event with the member in the form of the memberlist, to be written as JSON. */
export function eventJson(event: WatchEvent): object {
  return 'member' in event ? { type: event.type, member: memberJson(event.member) } : event;
}

/** An event in the framing of server-sent events. An empty id makes the client forget the one that it has. */
export const encodeServerSent: EncodeEvent = (event, id) => {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`event: ${event.type}\n${idLine}data: ${JSON.stringify(eventJson(event))}\n\n`);
};
