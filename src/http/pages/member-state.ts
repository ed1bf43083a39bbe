import type { PeerState } from '../member-query.ts';
import type { ShownMember } from '../port.ts';

/** A state for people: the kind that styles and icons go by, and its name. */
export interface ShownState {
  readonly kind: 'healthy' | 'suspected' | 'dead' | 'left';
  readonly name: string;
}

export const SHOWN_STATES: Readonly<Record<PeerState, ShownState>> = {
  HEALTHY: { kind: 'healthy', name: 'Healthy' },
  SUSPECTED_DEAD: { kind: 'suspected', name: 'Suspected' },
  DEAD: { kind: 'dead', name: 'Dead' },
};

/** What the members in a state are called together. */
export const STATE_FILTERS: Readonly<Record<PeerState, string>> = {
  HEALTHY: 'Healthy',
  SUSPECTED_DEAD: 'Suspected',
  DEAD: 'Dead or left',
};

const LEFT: ShownState = { kind: 'left', name: 'Left' };

/** The state that a member is shown in. */
export function shownState({ state, left }: ShownMember): ShownState {
  return left ? LEFT : SHOWN_STATES[state];
}

/** How this node knows of a member, in a few words. */
export function shownReach({ isLocal, state, reachability }: ShownMember): string {
  if (isLocal) return 'seen from here';
  if (state === 'DEAD') return 'not reached';
  return reachability === 'direct' ? 'reached directly' : 'known through others';
}

/** How many members are in each state. */
export function countStates(members: readonly ShownMember[]): Readonly<Record<PeerState, number>> {
  const counts = { HEALTHY: 0, SUSPECTED_DEAD: 0, DEAD: 0 };
  for (const { state } of members) counts[state] += 1;
  return counts;
}

/** What is not peace, the gravest first, such as `1 dead, 2 suspected`; empty when all are healthy. */
export function troubleOf(members: readonly ShownMember[]): string {
  const kinds = members.map((member) => shownState(member).kind);
  return (['dead', 'suspected', 'left'] as const)
    .map((kind) => ({ kind, count: kinds.filter((one) => one === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(', ');
}

/** How grave the state of a member is: more is worse. */
export function gravity({ state, left }: ShownMember): number {
  if (left) return 1;
  return { HEALTHY: 0, SUSPECTED_DEAD: 2, DEAD: 3 }[state];
}
