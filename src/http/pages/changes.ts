import type { UnixMillis } from '../../base/brands.ts';
import type { FieldChange } from '../../observability/field-changes.ts';
import type { JournalEntry, JournalKind } from '../../observability/journal.ts';
import { memberHref } from './links.ts';
import type { ShownState } from './member-state.ts';
import { shownTime } from './time.ts';

/** What a change did, with the kind that styles and icons go by. */
interface Telling {
  readonly icon: ShownState['kind'] | 'note';
  readonly text: string;
}

const TELLINGS: Readonly<Record<JournalKind, Telling>> = {
  joined: { icon: 'healthy', text: 'joined' },
  suspected: { icon: 'suspected', text: 'stopped answering' },
  died: { icon: 'dead', text: 'was declared dead' },
  left: { icon: 'left', text: 'left the mesh' },
  returned: { icon: 'healthy', text: 'came back' },
  changed: { icon: 'note', text: 'changed what it tells' },
  renewed: { icon: 'note', text: 'renewed its record' },
  removed: { icon: 'note', text: 'was taken off the list' },
  isolated: { icon: 'suspected', text: 'lost contact with all others' },
  reconnected: { icon: 'healthy', text: 'is in contact again' },
};

const FIELDS: Readonly<Record<Exclude<FieldChange['field'], 'label'>, string>> = {
  apiEndpoint: 'API endpoint',
  apiPort: 'auth port',
  address: 'address',
};

/** Entries of the journal for a page, the newest first. */
export function changeLines(entries: readonly JournalEntry[], now: UnixMillis, limit = entries.length) {
  return entries
    .toReversed()
    .slice(0, limit)
    .map(({ seq, at, kind, id, from, changes }) => ({
      seq,
      id,
      href: memberHref(id),
      icon: TELLINGS[kind].icon,
      text: kind === 'returned' && from === 'SUSPECTED_DEAD' ? 'answers again' : TELLINGS[kind].text,
      when: shownTime(at, now),
      changes: changes.map(({ field, key, from: was, to }) => ({
        name: field === 'label' ? `label ${key}` : FIELDS[field],
        was,
        to,
      })),
    }));
}
