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
    .map((entry) => {
      const { icon, text } = telling(entry);
      const changes = entry.changes.map((change) => ({ name: fieldName(change), was: change.from, to: change.to }));
      const { seq, id } = entry;
      return { seq, id, href: memberHref(id), icon, text, when: shownTime(entry.at, now), changes };
    });
}
