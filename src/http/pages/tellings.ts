import type { FieldChange } from '../../observability/field-changes.ts';
import type { JournalKind } from '../../observability/journal.ts';
import type { ShownState } from './member-state.ts';

/** What a change did, with the kind that styles and icons go by. */
export interface Telling {
  readonly icon: ShownState['kind'] | 'note';
  /** In words that follow the member's name. */
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

/**
 * Tells what a change did.
 *
 * @param kind of a journal; one that this version does not know stands for itself
 * @param from the member's state before
 */
export function telling({ kind, from }: { readonly kind: string; readonly from?: string | undefined }): Telling {
  const known = Object.hasOwn(TELLINGS, kind) ? TELLINGS[kind as JournalKind] : { icon: 'note' as const, text: kind };
  return kind === 'returned' && from === 'SUSPECTED_DEAD' ? { ...known, text: 'answers again' } : known;
}

/** The name of a field that has changed, for people. */
export function fieldName({ field, key = '' }: { readonly field: string; readonly key?: string | undefined }): string {
  if (field === 'label') return `label ${key}`;
  return Object.hasOwn(FIELDS, field) ? FIELDS[field as keyof typeof FIELDS] : field;
}
