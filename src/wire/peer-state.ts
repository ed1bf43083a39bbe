import { PEER_STATES, type PeerState } from '../store/record.ts';

/** The numbers of the enum `PeerState`. A state without a number does not compile. */
const NUMBERS: Readonly<Record<PeerState, number>> = { HEALTHY: 1, SUSPECTED_DEAD: 2, DEAD: 3 };

const STATES: ReadonlyMap<number, PeerState> = new Map(PEER_STATES.map((state) => [NUMBERS[state], state]));

export function peerStateNumber(state: PeerState): number {
  return NUMBERS[state];
}

/** @returns undefined for UNSPECIFIED and for numbers that the enum does not know */
export function peerStateOf(value: number): PeerState | undefined {
  return STATES.get(value);
}
