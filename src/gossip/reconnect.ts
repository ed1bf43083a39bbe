import { type Millis, millis, type NodeId } from '../base/brands.ts';
import type { Context } from './context.ts';
import type { Joiner } from './joiner.ts';
import type { Membership } from './membership.ts';

/** A death younger than this is tried at its full turn; an older one the less often the older it is. */
const RECENT = millis(300_000);

/** Somebody who may be there again: a dead member, a tombstone or a bootstrap target. */
export type Candidate =
  | { readonly kind: 'member'; readonly id: NodeId }
  | { readonly kind: 'target'; readonly name: string };

/**
 * Chooses whom to try again in this cycle: one of the dead that did not leave by themselves, or a bootstrap target whose
 * time has come. This is what brings the two sides of a healed cut together, whichever side has the bootstrap nodes.
 *
 * Each candidate weighs 1 while its death is recent and `RECENT / age` after, and a cycle tries at most one: with weights that add
 * up to less than 1 only that share of cycles tries any. So a mesh asks after one that died hours ago ever less often.
 */
export function chooseCandidate(context: Context, membership: Membership, joiner: Joiner): Candidate | undefined {
  const weighed: { readonly candidate: Candidate; readonly weight: number }[] = [];
  let total = 0;
  const add = (candidate: Candidate, age: number): void => {
    const weight = Math.min(1, RECENT / Math.max(1, age));
    weighed.push({ candidate, weight });
    total += weight;
  };
  const { monotonic } = context.now;
  for (const id of membership.dead) {
    if (membership.store.live.get(id)?.left === true) continue;
    add({ kind: 'member', id }, monotonic - deathOf(membership, id, monotonic));
  }
  for (const [id, { record, buriedAt }] of membership.store.tombstones) {
    if (!record.left) add({ kind: 'member', id }, monotonic - buriedAt + context.config.deadRetention);
  }
  for (const { name, age } of joiner.due()) add({ kind: 'target', name }, age);
  let pick = context.random.fraction() * Math.max(1, total);
  for (const { candidate, weight } of weighed) {
    pick -= weight;
    if (pick < 0) return candidate;
  }
  return undefined;
}

function deathOf(membership: Membership, id: NodeId, now: Millis): Millis {
  const peer = membership.peers.get(id);
  return peer?.deadSince ?? peer?.isolationVerdict?.since ?? now;
}
