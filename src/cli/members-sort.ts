import { labelKeyProblem } from '../base/metadata.ts';
import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';
import type { ListedMember, Memberlist } from './memberlist-client.ts';
import { type ShownState, shownState } from './members-table.ts';

/** Less than zero when the first is to come before the second. */
export type MemberOrder = (a: ListedMember, b: ListedMember) => number;

const LABEL = 'label:';
const DESCENDING = '-';

/** How grave a state is, as on the page: the worst come first. */
const GRAVITY: Readonly<Record<ShownState, number>> = { DEAD: 0, SUSPECTED_DEAD: 1, LEFT: 2, HEALTHY: 3 };

const byName: MemberOrder = (a, b) => compare(a.id, b.id);

const FIELDS: Readonly<Record<string, MemberOrder>> = {
  name: byName,
  id: byName,
  state: (a, b) => GRAVITY[shownState(a)] - GRAVITY[shownState(b)],
  'last-seen': (a, b) => Date.parse(a.lastSeen) - Date.parse(b.lastSeen),
  endpoint: (a, b) => compare(a.state.apiEndpoint, b.state.apiEndpoint),
  address: (a, b) => byNumbers.compare(a.address, b.address),
  version: (a, b) => a.version - b.version,
};

/** Compares texts with the numbers in them taken as numbers: `10.0.0.9:7946` before `10.0.0.10:7946`. */
const byNumbers = new Intl.Collator('en', { numeric: true });

/**
 * Reads what members are to be sorted by: a field, or `label:KEY`, for whose members without it are the last; with a minus in front
 * from the greatest to the least. Where the field is the same, the name decides.
 *
 * @returns the order, or why there is none, in words that follow the flag's name
 */
export function parseOrder(text: string): Result<MemberOrder, string> {
  const descending = text.startsWith(DESCENDING);
  const name = descending ? text.slice(DESCENDING.length) : text;
  const field = orderBy(name);
  if (!field.ok) return field;
  const sign = descending ? -1 : 1;
  return ok((a, b) => sign * field.value(a, b) || byName(a, b));
}

/** The list in an order. */
export function sortedMembers(list: Memberlist, order: MemberOrder): Memberlist {
  const pairs = list.members.map((member, at) => ({ member, raw: list.raw[at] }));
  pairs.sort((a, b) => order(a.member, b.member));
  return { asOf: list.asOf, members: pairs.map(({ member }) => member), raw: pairs.map(({ raw }) => raw) };
}

function orderBy(name: string): Result<MemberOrder, string> {
  if (name.startsWith(LABEL)) {
    const key = name.slice(LABEL.length);
    const problem = labelKeyProblem(key);
    return problem === undefined ? ok(byLabel(key)) : err(`the label key ${problem}, got ${quote(key)}`);
  }
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field !== undefined) return ok(field);
  return err(`must be one of ${Object.keys(FIELDS).join(', ')} or label:KEY, got ${quote(name)}`);
}

function byLabel(key: string): MemberOrder {
  return (a, b) => {
    const left = labelOf(a, key);
    const right = labelOf(b, key);
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return compare(left, right);
  };
}

function labelOf({ state }: ListedMember, key: string): string | undefined {
  return Object.hasOwn(state.labels, key) ? state.labels[key] : undefined;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
