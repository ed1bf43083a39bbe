import type { Checker } from './checkers/checker.ts';
import type { Host } from './engine/host.ts';
import type { World } from './engine/world.ts';

/**
 * Cycles that a healed mesh may take to agree. The longest way is that of a member wrongly believed dead: it is found again as a tombstone,
 * refutes, and the news spreads; and that of one that died at the last moment: it is suspected, sentenced, and shown dead.
 */
export const SETTLE_CYCLES = 60;

/**
 * Ends all faults, gives the mesh its time, and demands what must hold once faults have stopped: the network is whole, stopped processes go
 * on, of two nodes with one id the later one goes.
 *
 * @throws {Violation} when something must not be
 */
export function settle(world: World, checkers: readonly Checker[]): void {
  world.changeNetwork((network) => network.heal());
  const ids = new Set<string>();
  for (const host of world.hosts.values()) {
    if (host.life === undefined) continue;
    if (ids.has(host.id) || isMisplaced(host)) world.crash(host.name);
    else world.resume(host.name);
    ids.add(host.id);
  }
  world.runUntil(world.now + SETTLE_CYCLES * world.config.gossipInterval);
  for (const checker of checkers) checker.onSettled?.();
}

/** Nobody can call it, so nobody can be asked to believe that it lives. */
function isMisplaced({ address, advertised }: Host): boolean {
  return address !== advertised;
}
