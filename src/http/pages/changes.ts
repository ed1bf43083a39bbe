import type { UnixMillis } from '../../base/brands.ts';
import type { JournalEntry } from '../../observability/journal.ts';
import { memberHref } from './links.ts';
import { fieldName, telling } from './tellings.ts';
import { shownTime } from './time.ts';

/** Entries of the journal for a page, the newest first. */
export function changeLines(entries: readonly JournalEntry[], now: UnixMillis, limit = entries.length) {
  return entries
    .toReversed()
    .slice(0, limit)
    .map((entry) => ({
      ...telling(entry),
      seq: entry.seq,
      id: entry.id,
      href: memberHref(entry.id),
      when: shownTime(entry.at, now),
      changes: entry.changes.map((change) => ({ name: fieldName(change), was: change.from, to: change.to })),
    }));
}
