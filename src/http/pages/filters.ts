import { labelKeyProblem } from '../../base/metadata.ts';
import { formatSelector } from '../label-selector.ts';
import { STATES } from '../member-query.ts';
import type { ShownMember } from '../port.ts';
import { countStates, SHOWN_STATES, STATE_FILTERS } from './member-state.ts';
import { type PageQuery, pageHref, SORTS, type Sort } from './page-query.ts';

/** Label keys that are offered to group by. More make no choice easier. */
const MAX_GROUP_KEYS = 20;

/** The figures above the list: how many members are in each state, each a switch for that state. */
export function stateSwitches(members: readonly ShownMember[], query: PageQuery) {
  const counts = countStates(members);
  return STATES.map((state) => {
    const active = query.states.includes(state);
    const states = active
      ? query.states.filter((other) => other !== state)
      : STATES.filter((other) => other === state || query.states.includes(other));
    return {
      kind: SHOWN_STATES[state].kind,
      name: STATE_FILTERS[state],
      count: counts[state],
      active,
      href: pageHref(query, { states }),
    };
  });
}

/** The form that finds members, filled with what is asked now. */
export function finder(members: readonly ShownMember[], query: PageQuery) {
  return {
    search: query.search,
    selector: formatSelector(query.selector),
    states: query.states,
    sort: query.sort,
    sorts: Object.entries(SORTS).map(([value, name]) => ({ value, name })),
    group: query.group,
    groups: groupKeys(members, query.group),
  };
}

/** What narrows the list, each with the way to the list without it. */
export function narrowings(query: PageQuery) {
  const { search, selector, states } = query;
  return [
    ...(search === '' ? [] : [{ what: `“${search}”`, href: pageHref(query, { search: '' }) }]),
    ...selector.map((requirement) => ({
      what: formatSelector([requirement]),
      href: pageHref(query, { selector: selector.filter((other) => other !== requirement) }),
    })),
    ...states.map((state) => ({
      what: STATE_FILTERS[state],
      href: pageHref(query, { states: states.filter((other) => other !== state) }),
    })),
  ];
}

/** The way to the same list in another order. */
export function sortLink(query: PageQuery, first: Sort, second: Sort = first) {
  const next = query.sort === first ? second : first;
  const current = query.sort === first || query.sort === second;
  const descending = query.sort.startsWith('-') || query.sort === 'state';
  return {
    href: pageHref(query, { sort: next }),
    sorted: current ? (descending ? 'descending' : 'ascending') : undefined,
  };
}

/** The keys that most members have, and the one that is asked for. */
function groupKeys(members: readonly ShownMember[], asked: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const { decoded } of members) {
    for (const key of Object.keys(decoded.labels)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const common = [...counts.entries()]
    .filter(([key]) => labelKeyProblem(key) === undefined)
    .toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MAX_GROUP_KEYS)
    .map(([key]) => key);
  return [...new Set(asked === '' ? common : [...common, asked])].toSorted();
}
