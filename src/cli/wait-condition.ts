import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';
import type { PeerState } from '../http/member-query.ts';
import type { NodeInfo } from './client/local.ts';
import type { ListedMember } from './memberlist-client.ts';
import { shownState } from './members-table.ts';
import { visible } from './terminal-text.ts';

/** What is known of a node at one look. Only what the conditions ask for is there. */
export interface Seen {
  readonly members?: readonly ListedMember[];
  readonly readiness?: NodeInfo['readiness'];
}

/** Something that can be waited for. */
export interface Condition {
  /** As it was given, safe to print. */
  readonly text: string;
  /** What it must be told. */
  readonly needs: keyof Seen;
  isMet(seen: Seen): boolean;
  /** What there is instead, for who waited in vain; safe to print. */
  describe(seen: Seen): string;
}

const EXPECTED = 'members=N, healthy=N, member=ID or ready; N with = for exactly, >= for at least, <= for at most';

/** How a count is to be. */
const RELATIONS: Readonly<Record<string, (count: number, wanted: number) => boolean>> = {
  '=': (count, wanted) => count === wanted,
  '>=': (count, wanted) => count >= wanted,
  '<=': (count, wanted) => count <= wanted,
};

/**
 * Reads a condition of `muster wait`.
 *
 * @param states that members must be in to count; none at all means every state
 * @returns the condition, or why the text is none, safe to print
 */
export function parseCondition(text: string, states: readonly PeerState[]): Result<Condition, string> {
  if (text === 'ready') return ok(ready);
  const [, name, relation = '', count] = /^(members|healthy)(=|>=|<=)(\d{1,6})$/.exec(text) ?? [];
  const holds = RELATIONS[relation];
  if (name !== undefined && holds !== undefined) {
    const wanted = Number(count);
    const counted = name === 'healthy' ? ['HEALTHY' as const] : states;
    return ok(membersCondition(text, counted, (matching) => holds(matching.length, wanted)));
  }
  const [, id] = /^member=(.+)$/s.exec(text) ?? [];
  if (id !== undefined)
    return ok(membersCondition(visible(text), states, (matching) => matching.some((one) => one.id === id)));
  return err(`must be ${EXPECTED}; got ${quote(text)}`);
}

const ready: Condition = {
  text: 'ready',
  needs: 'readiness',
  isMet: ({ readiness }) => readiness?.status === 'ready',
  describe: ({ readiness }) => visible(`not ready${readiness?.reason === undefined ? '' : `, ${readiness.reason}`}`),
};

function membersCondition(
  text: string,
  states: readonly PeerState[],
  isMet: (matching: readonly ListedMember[]) => boolean,
): Condition {
  const matching = ({ members = [] }: Seen): readonly ListedMember[] =>
    states.length === 0 ? members : members.filter(({ peerState }) => states.includes(peerState));
  return {
    text,
    needs: 'members',
    isMet: (seen) => isMet(matching(seen)),
    describe: ({ members = [] }) => roll(members),
  };
}

const MOST_NAMED = 10;

/** Members in few words: `3 members: a HEALTHY, b HEALTHY, c DEAD`. */
function roll(members: readonly ListedMember[]): string {
  const names = members.slice(0, MOST_NAMED).map((member) => `${member.id} ${shownState(member)}`);
  const more = members.length > MOST_NAMED ? [`${members.length - MOST_NAMED} more`] : [];
  const count = members.length === 1 ? '1 member' : `${members.length} members`;
  return visible([count, [...names, ...more].join(', ')].filter((part) => part !== '').join(': '));
}
