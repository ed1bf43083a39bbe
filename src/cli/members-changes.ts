import type { ListedMember } from './memberlist-client.ts';
import { labelsText, shownState } from './members-table.ts';
import { visible } from './terminal-text.ts';

/**
 * What differs between two lists, one line for each change, safe to print: `prod-eu HEALTHY -> SUSPECTED_DEAD`. The time a member
 * was last seen and its version are no change: they tell nothing that the state does not.
 *
 * @param before the list as it was; empty at the beginning, so that every member is told of once
 */
export function memberChanges(before: readonly ListedMember[], after: readonly ListedMember[]): string[] {
  const known = new Map(before.map((member) => [member.id, member]));
  const lines: string[] = [];
  for (const member of after) {
    const former = known.get(member.id);
    known.delete(member.id);
    if (former === undefined) lines.push(`${member.id} listed ${shownState(member)}`);
    else lines.push(...changesOf(former, member));
  }
  for (const gone of known.values()) lines.push(`${gone.id} no longer listed, was ${shownState(gone)}`);
  return lines.map(visible);
}

function changesOf(before: ListedMember, after: ListedMember): string[] {
  const former = facts(before);
  return facts(after).flatMap(([name, value], at) => {
    const old = former[at]?.[1];
    return old === value ? [] : [`${after.id} ${name}${shown(old)} -> ${shown(value)}`];
  });
}

/** What can change in a member, each fact with the words before it. */
function facts(member: ListedMember): [string, string][] {
  const { apiEndpoint, apiPort, labels } = member.state;
  return [
    ['', shownState(member)],
    ['API endpoint ', apiEndpoint],
    ['auth port ', String(apiPort)],
    ['labels ', labelsText(labels)],
    ['address ', member.address],
  ];
}

function shown(value: string | undefined): string {
  return value === undefined || value === '' ? 'none' : value;
}

/** A time of day for people, in their time zone: `12:30:01`. Without a time it is now. */
export function timeOfDay(at = new Date()): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
