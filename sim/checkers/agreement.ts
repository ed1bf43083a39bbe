import type { NodeId } from '../../src/base/brands.ts';
import { compareRecords, type MemberRecord, severity } from '../../src/store/record.ts';
import type { World } from '../engine/world.ts';
import { type CheckerFactory, Violation } from './checker.ts';

/**
 * Once faults have stopped, all live nodes show all live nodes HEALTHY, hold the same records of them, and show nobody else alive. What two of
 * them hold of one who is gone may be of different lives; of one version it is the same.
 */
export const agreement: CheckerFactory = (world) => ({
  invariant: 'agreement',
  onSettled() {
    const live = world.live();
    const ids = new Set(live.map((host) => host.id));
    for (const observer of live) {
      const core = observer.life?.core;
      if (core === undefined) continue;
      for (const member of live) {
        const shown = core.shown(member.id);
        if (shown !== 'HEALTHY') {
          throw new Violation(
            'agreement',
            world.now,
            observer.name,
            member.id,
            `it lives and is shown ${shown ?? 'nowhere'}`,
          );
        }
        const held = core.record(member.id);
        const own = member.life?.core.record(member.id);
        if (held === undefined || own === undefined || compareRecords(held, own) !== 0) {
          const why = `version ${held?.version ?? 'none'} is held, the member is at ${own?.version ?? 'none'}, or their contents differ`;
          throw new Violation('agreement', world.now, observer.name, member.id, why);
        }
      }
      for (const { id, state } of core.members(observer.clock.read(world.now).wall)) {
        if (state === 'DEAD' || ids.has(id)) continue;
        throw new Violation('agreement', world.now, observer.name, id, `no such node runs and it is shown ${state}`);
      }
    }
    for (const id of new Set([...world.hosts.values()].map((host) => host.id))) oneContent(world, id);
  },
});

/** A version that is in the same state everywhere has the same content everywhere, tombstones included. */
function oneContent(world: World, id: NodeId): void {
  const held = new Map<string, { readonly by: string; readonly record: MemberRecord }>();
  for (const { name, life } of world.live()) {
    const record = life?.core.record(id);
    if (record === undefined) continue;
    const claim = `${record.version} ${severity(record)}`;
    const other = held.get(claim);
    if (other !== undefined && compareRecords(record, other.record) !== 0) {
      const why = `version ${record.version} is held with another content than ${other.by} holds`;
      throw new Violation('agreement', world.now, name, id, why);
    }
    held.set(claim, { by: name, record });
  }
}
