import type { Standing } from '../gossip/view.ts';
import type { MembershipPort } from './port.ts';

/** Why a node is not ready. */
type UnreadyReason = 'not_listening' | 'first_round_pending' | 'leaving';

/** The answer of `/readyz`. */
interface Readiness {
  readonly status: 'ready' | 'not_ready';
  /** Only when it is not ready. */
  readonly reason?: UnreadyReason;
  /** Only when true. An isolated node stays ready: what it knows is still the best that it can serve. */
  readonly isolated?: true;
  /** Bootstrap targets that it waits for; only when there are any. */
  readonly waitingFor?: readonly string[];
  /** Where other live nodes with this node's id are; only when there are any. */
  readonly duplicateAddresses?: readonly string[];
}

/** Tells how ready a node is: it listens, has tried a first round, and is not on its way out. */
export function readinessOf(port: MembershipPort): Readiness {
  const standing = port.standing();
  const reason = unreadyReason(port.listening(), standing);
  const { isolated, waitingFor, duplicateAddresses } = standing;
  return {
    ...(reason === undefined ? { status: 'ready' } : { status: 'not_ready', reason }),
    ...(isolated ? { isolated: true } : {}),
    ...(waitingFor.length > 0 ? { waitingFor } : {}),
    ...(duplicateAddresses.length > 0 ? { duplicateAddresses } : {}),
  };
}

function unreadyReason(listening: boolean, standing: Standing): UnreadyReason | undefined {
  if (standing.leaving) return 'leaving';
  if (!listening) return 'not_listening';
  return standing.firstRoundTried ? undefined : 'first_round_pending';
}
