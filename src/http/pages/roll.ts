import type { UnixMillis } from '../../base/brands.ts';
import { endpointProblem } from '../../base/metadata.ts';
import type { LabelSelector } from '../label-selector.ts';
import { matching } from '../member-query.ts';
import type { ShownMember } from '../port.ts';
import { memberHref } from './links.ts';
import { gravity, shownReach, shownState, troubleOf } from './member-state.ts';
import { type PageQuery, pageHref, type Sort } from './page-query.ts';
import { shownTime } from './time.ts';

/** The members that a query wants, sorted and in groups, ready for the template. */
export function roll(members: readonly ShownMember[], query: PageQuery, now: UnixMillis) {
  const wanted = matching(members, query).filter((member) => isFound(member, words(query.search)));
  const sorted = wanted.toSorted(ORDERS[query.sort]);
  return {
    shown: sorted.length,
    groups: grouped(sorted, query.group).map(({ name, members: inGroup }) => ({
      name,
      count: inGroup.length,
      trouble: troubleOf(inGroup),
      rows: inGroup.map((member) => row(member, query, now)),
    })),
  };
}

/** Divides members by a label: its values in the order of their texts, then those without it. No key: one group without a name. */
export function grouped<Member extends ShownMember>(
  members: readonly Member[],
  key: string,
): readonly { readonly name: string | undefined; readonly members: readonly Member[] }[] {
  if (key === '') return members.length === 0 ? [] : [{ name: undefined, members }];
  const groups = new Map<string | undefined, Member[]>();
  for (const member of members) {
    const value = labelOf(member, key);
    const inGroup = groups.get(value);
    if (inGroup === undefined) groups.set(value, [member]);
    else inGroup.push(member);
  }
  const named = [...groups.entries()].toSorted(
    ([a], [b]) => Number(a === undefined) - Number(b === undefined) || order(a, b),
  );
  return named.map(([value, inGroup]) => ({ name: value ?? `without ${key}`, members: inGroup }));
}

function labelOf(member: ShownMember, key: string): string | undefined {
  const { labels } = member.decoded;
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

type Order = (a: ShownMember, b: ShownMember) => number;

const byName: Order = (a, b) => order(a.id, b.id);

/** Every order ends with the name, so that a list does not dance. */
const ORDERS: Readonly<Record<Sort, Order>> = {
  name: byName,
  state: (a, b) => gravity(b) - gravity(a) || byName(a, b),
  seen: (a, b) => a.lastSeen - b.lastSeen || byName(a, b),
  '-seen': (a, b) => b.lastSeen - a.lastSeen || byName(a, b),
  endpoint: (a, b) => order(a.decoded.apiEndpoint, b.decoded.apiEndpoint) || byName(a, b),
  '-version': (a, b) => b.version - a.version || byName(a, b),
};

function order(a: string | undefined = '', b: string | undefined = ''): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function words(search: string): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

function isFound({ id, address, decoded }: ShownMember, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  const labels = Object.entries(decoded.labels).map(([key, value]) => `${key}=${value}`);
  const text = [id, address, decoded.apiEndpoint, ...labels].join('\n').toLowerCase();
  return wanted.every((word) => text.includes(word));
}

function row(member: ShownMember, query: PageQuery, now: UnixMillis) {
  const { id, isLocal, version, address } = member;
  const state = shownState(member);
  return {
    id,
    href: memberHref(id),
    isLocal,
    state,
    reach: shownReach(member),
    ...endpoint(member),
    labels: labelChips(member, query),
    seen: shownTime(member.lastSeen, now),
    version,
    address,
    /** Differs when the row has changed in more than its age. */
    mark: `${version}/${state.kind}/${member.reachability}`,
  };
}

/** A member's API endpoint and auth port. What a browser should not follow is not made a link. */
export function endpoint({ decoded: { apiEndpoint, apiPort } }: ShownMember) {
  return { apiEndpoint, apiPort, linked: apiEndpoint !== '' && endpointProblem(apiEndpoint) === undefined };
}

/**
 * A member's labels, each with the way to all members that share it.
 *
 * @param path of the list; empty on the list itself
 */
export function labelChips({ decoded: { labels } }: ShownMember, query: PageQuery, path = '') {
  return Object.entries(labels).map(([key, value]) => {
    const active = asks(query.selector, key, value);
    const selector: LabelSelector = active
      ? query.selector
      : [...query.selector, { operator: 'in', key, values: [value] }];
    return { key, value, active, href: `${path}${pageHref(query, { selector })}` };
  });
}

function asks(selector: LabelSelector, key: string, value: string): boolean {
  return selector.some(
    (asked) => asked.operator === 'in' && asked.key === key && asked.values.length === 1 && asked.values[0] === value,
  );
}
