import { fieldName, type Telling, telling } from '../http/pages/tellings.ts';
import type { ListedEvent } from './client/events.ts';
import { timeOfDay } from './members-changes.ts';
import { type Style, styled } from './table.ts';
import { visible } from './terminal-text.ts';

const STYLES: Readonly<Record<Telling['icon'], Style | undefined>> = {
  healthy: 'good',
  suspected: 'warning',
  dead: 'bad',
  left: 'faint',
  note: undefined,
};

/** A change as one line that is safe to print: `2026-11-21 12:30:01 prod-eu changed what it tells: label env dev -> prod`. */
export function eventLine(event: ListedEvent, color: boolean): string {
  const { icon, text } = telling(event);
  const details = event.changes.map(
    (change) => `${fieldName(change)} ${change.from || 'none'} -> ${change.to || 'none'}`,
  );
  const what = styled(visible(text), STYLES[icon], color);
  const more = details.length === 0 ? '' : visible(`: ${details.join(', ')}`);
  return `${dateTime(new Date(event.at))} ${visible(event.id)} ${what}${more}`;
}

/** A time for people, in their time zone: `2026-11-21 12:30:01`. */
export function dateTime(at: Date): string {
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${date.join('-')} ${timeOfDay(at)}`;
}
