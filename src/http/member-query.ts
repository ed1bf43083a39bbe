import type { MemberView } from '../gossip/view.ts';
import { HttpError } from './errors.ts';
import { formatSelector, type LabelSelector, selects } from './label-selector.ts';
import { parseLabelSelector } from './label-selector-parser.ts';
import type { ShownMember } from './port.ts';

export type PeerState = MemberView['state'];

/** The states that a query can name, in the order in which people are shown them. */
export const STATES = Object.keys({
  HEALTHY: true,
  SUSPECTED_DEAD: true,
  DEAD: true,
} satisfies Record<PeerState, true>) as readonly PeerState[];

/** Which members a request wants to see. */
export interface MemberQuery {
  readonly selector: LabelSelector;
  /** No state at all means every state. */
  readonly states: readonly PeerState[];
}

/**
 * Reads `labelSelector` and `peerState` (repeatable) from a decoded query string. Other parameters are ignored.
 *
 * @throws {HttpError} BAD_LABEL_SELECTOR or BAD_PEER_STATE, with a message that says where
 */
export function parseMemberQuery(query: unknown): MemberQuery {
  return { selector: selectorOf(parameter(query, 'labelSelector')), states: statesOf(parameter(query, 'peerState')) };
}

/** Tells whether a query lets everything through. */
export function isUnfiltered(query: MemberQuery): boolean {
  return query.selector.length === 0 && query.states.length === 0;
}

/** One text for queries of one meaning, but for the order of conditions; empty when everything is let through. */
export function queryKey(query: MemberQuery): string {
  return isUnfiltered(query) ? '' : `${query.states.join(',')}|${formatSelector(query.selector)}`;
}

/** The members that a query wants, in the same order. */
export function matching(members: readonly ShownMember[], query: MemberQuery): readonly ShownMember[] {
  return isUnfiltered(query) ? members : members.filter((member) => matches(member, query));
}

/** Tells whether a query wants a member. */
export function matches(member: ShownMember, { selector, states }: MemberQuery): boolean {
  return (states.length === 0 || states.includes(member.state)) && selects(selector, member.decoded.labels);
}

function selectorOf(values: readonly string[]): LabelSelector {
  if (values.length > 1) throw new HttpError('BAD_LABEL_SELECTOR', 'labelSelector: may be given only once');
  const parsed = parseLabelSelector(values[0] ?? '');
  if (parsed.ok) return parsed.value;
  const { at, message } = parsed.error;
  throw new HttpError('BAD_LABEL_SELECTOR', `labelSelector: at character ${at}: ${message}`);
}

function statesOf(values: readonly string[]): readonly PeerState[] {
  for (const [index, value] of values.entries()) {
    if (!STATES.some((state) => state === value)) {
      const which = values.length > 1 ? ` number ${index + 1}` : '';
      throw new HttpError('BAD_PEER_STATE', `peerState${which}: must be one of ${STATES.join(', ')}`);
    }
  }
  return STATES.filter((state) => values.includes(state));
}

/** All values of a query parameter of a decoded query string, in the order given. */
export function parameter(query: unknown, name: string): readonly string[] {
  if (typeof query !== 'object' || query === null) return [];
  const values: unknown = Reflect.get(query, name);
  return values === undefined ? [] : [values].flat().filter((value) => typeof value === 'string');
}
