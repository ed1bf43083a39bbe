import type { GossipEvent } from '../../src/gossip/event.ts';
import type { Step } from '../engine/world.ts';

/** The changes in what a node shows, among the effects of one of its steps. */
export function changesOf(step: Step): readonly Extract<GossipEvent, { kind: 'memberChanged' }>[] {
  const changes: Extract<GossipEvent, { kind: 'memberChanged' }>[] = [];
  for (const effect of step.effects) {
    if (effect.kind === 'event' && effect.event.kind === 'memberChanged') changes.push(effect.event);
  }
  return changes;
}
