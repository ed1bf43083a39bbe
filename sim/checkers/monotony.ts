import type { NodeId } from '../../src/base/brands.ts';
import { compareClaims, type MemberRecord, severity } from '../../src/store/record.ts';
import type { Host, Life } from '../engine/host.ts';
import { changesOf } from './changes.ts';
import { type CheckerFactory, Violation } from './checker.ts';

/**
 * At no node does a record's `(version, severity)` ever go down within a life. A record that is forgotten while its tombstone should stand
 * counts as held: if the member comes back with an older one, the record went down.
 */
export const monotony: CheckerFactory = (world) => {
  const { deadRetention, tombstoneTtl, maxTombstones } = world.config;
  const held = new WeakMap<Life, Map<NodeId, { readonly record: MemberRecord; readonly seenAt: number }>>();
  /** What each life held when it was looked at last. */
  const looked = new WeakMap<Life, number>();

  function look(host: Host, life: Life, id: NodeId): void {
    const records = held.get(life) ?? new Map<NodeId, { record: MemberRecord; seenAt: number }>();
    held.set(life, records);
    const before = records.get(id);
    const after = life.core.record(id);
    if (after === undefined) {
      const expired = before !== undefined && world.now - before.seenAt > tombstoneTtl - deadRetention;
      if (expired || life.core.tombstoneCount >= maxTombstones) records.delete(id);
      return;
    }
    if (before !== undefined && compareClaims(after, before.record) < 0) {
      const why = `${told(before.record)} became ${told(after)}`;
      throw new Violation('monotony', world.now, host.name, id, why);
    }
    records.set(id, { record: after, seenAt: world.now });
  }

  return {
    invariant: 'monotony',
    onStep(step) {
      for (const { id } of changesOf(step)) look(step.host, step.life, id);
    },
    // What is not shown changes without a word: tombstones above all.
    onCycle() {
      for (const host of world.live()) {
        const { life } = host;
        const records = life === undefined ? undefined : held.get(life);
        if (life === undefined || records === undefined || looked.get(life) === life.core.recordsRevision) continue;
        looked.set(life, life.core.recordsRevision);
        for (const id of records.keys()) look(host, life, id);
      }
    },
  };
};

function told(record: MemberRecord): string {
  return `(${record.version}, ${record.state}, severity ${severity(record)})`;
}
