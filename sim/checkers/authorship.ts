import type { NodeId, Version } from '../../src/base/brands.ts';
import type { MemberRecord } from '../../src/store/record.ts';
import { changesOf } from './changes.ts';
import { type CheckerFactory, Violation } from './checker.ts';

/**
 * What is held of a member at a version is what its owner wrote at that version: metadata, address and goodbye; and no version is held
 * that no owner spoke. Two nodes with one id are both its owners.
 */
export const authorship: CheckerFactory = () => {
  const written = new Map<NodeId, Map<Version, Set<string>>>();
  const goodbyes = new Map<NodeId, Set<Version>>();
  const known = new WeakSet<MemberRecord>();

  function write(own: MemberRecord): void {
    if (known.has(own)) return;
    known.add(own);
    const versions = written.get(own.id) ?? new Map<Version, Set<string>>();
    written.set(own.id, versions);
    const texts = versions.get(own.version) ?? new Set<string>();
    versions.set(own.version, texts.add(textOf(own)));
    if (!own.left) return;
    const left = goodbyes.get(own.id) ?? new Set<Version>();
    goodbyes.set(own.id, left.add(own.version));
  }

  return {
    invariant: 'authorship',
    onStep(step) {
      const { at, host, life } = step;
      const own = life.core.record(host.id);
      if (own !== undefined) write(own);
      for (const { id } of changesOf(step)) {
        const record = life.core.record(id);
        if (record === undefined || id === host.id) continue;
        const wrong = (why: string): Violation => new Violation('authorship', at, host.name, id, why);
        const texts = written.get(id)?.get(record.version);
        if (texts === undefined) throw wrong(`version ${record.version} was never spoken by its owner`);
        if (!texts.has(textOf(record)))
          throw wrong(`metadata or address of version ${record.version} are not its owner's`);
        if (record.left && goodbyes.get(id)?.has(record.version) !== true) {
          throw wrong(`at version ${record.version} its owner never said goodbye`);
        }
      }
    },
  };
};

function textOf({ address, metadata }: MemberRecord): string {
  return `${address} ${Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length).toString('latin1')}`;
}
