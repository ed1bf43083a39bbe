import { labelKeyProblem } from '../../base/metadata.ts';
import { HttpError } from '../errors.ts';
import { formatSelector } from '../label-selector.ts';
import { type MemberQuery, parameter, parseMemberQuery } from '../member-query.ts';

/** What the list can be sorted by, and how a person is told so. */
export const SORTS = {
  name: 'Name',
  state: 'State, worst first',
  seen: 'Last seen, longest ago first',
  '-seen': 'Last seen, latest first',
  endpoint: 'API endpoint',
  '-version': 'Version, newest first',
} as const;

export type Sort = keyof typeof SORTS;
const BY_NAME: Sort = 'name';

/** All that the address of the memberlist's page can say. */
export interface PageQuery extends MemberQuery {
  /** Words that must all be found in what is shown of a member; empty for everybody. */
  readonly search: string;
  readonly sort: Sort;
  /** The key of the label by whose values the list is divided; empty for one list. */
  readonly group: string;
}

/** The query for the whole list. */
export const EVERYBODY: PageQuery = { selector: [], states: [], search: '', sort: BY_NAME, group: '' };

/**
 * Reads the page's parameters from a decoded query string: those of the memberlist, and `q`, `sort` and `group`. Empty ones are as
 * good as none: a form sends them.
 *
 * @throws {HttpError} BAD_LABEL_SELECTOR, BAD_PEER_STATE, BAD_SORT or BAD_GROUP, with a message that says where
 */
export function parsePageQuery(query: unknown): PageQuery {
  return {
    ...parseMemberQuery(query),
    search: single(query, 'q').trim(),
    sort: sortOf(single(query, 'sort')),
    group: groupOf(single(query, 'group')),
  };
}

/** A query string that leads to a page, without what goes without saying. Equal queries give equal texts. */
export function pageHref(query: PageQuery, changes: Partial<PageQuery> = {}): string {
  const { search, selector, states, sort, group } = { ...query, ...changes };
  const parameters = new URLSearchParams();
  if (search !== '') parameters.set('q', search);
  if (selector.length > 0) parameters.set('labelSelector', formatSelector(selector));
  for (const state of states) parameters.append('peerState', state);
  if (sort !== BY_NAME) parameters.set('sort', sort);
  if (group !== '') parameters.set('group', group);
  return `?${parameters.toString()}`;
}

function sortOf(text: string): Sort {
  if (text === '') return BY_NAME;
  if (Object.hasOwn(SORTS, text)) return text as Sort;
  throw new HttpError('BAD_SORT', `sort: must be one of ${Object.keys(SORTS).join(', ')}`);
}

function groupOf(text: string): string {
  const problem = text === '' ? undefined : labelKeyProblem(text);
  if (problem !== undefined) throw new HttpError('BAD_GROUP', `group: the label key ${problem}`);
  return text;
}

/** The value of a parameter that makes sense only once: the last one, as a form that is sent over a link has it. */
function single(query: unknown, name: string): string {
  return parameter(query, name).at(-1) ?? '';
}
