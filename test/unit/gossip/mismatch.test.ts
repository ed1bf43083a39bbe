import { describe, expect, it } from 'vitest';
import { millis, nodeId, type Version } from '../../../src/base/brands.ts';
import type { MemberRecord } from '../../../src/store/record.ts';
import { pushed } from '../../helpers/inputs.ts';
import { type RecordOptions, recordOf, textOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, VirtualMesh } from '../../helpers/virtual-mesh.ts';

const VERSION = EPOCH as Version;
const NEWER = EPOCH + 1;

/** Few enough for a digest, and enough for the fingerprints of buckets. */
const SIZES = [5, 70];

/** Pushes do not repair anything here; `a` calls everybody in each cycle; the dead are tombstones at once. */
const CONFIG = { eagerWindow: millis(3_600_000), deadRetention: millis(1), gossipFactor: 100 };

/** Two nodes that agree on a crowd of members, of whom there is nothing but their records. */
function agreedPair(size: number): VirtualMesh {
  const mesh = new VirtualMesh(size);
  mesh.start('a', { config: CONFIG });
  mesh.start('b', { config: { ...CONFIG, gossipFactor: 1 }, join: ['a:1'] });
  mesh.run(1_500);
  const crowd = Array.from({ length: size - 2 }, (_, index) => recordOf({ id: `m${index}`, version: VERSION }));
  for (const name of ['a', 'b']) mesh.poke(name, pushed(crowd));
  mesh.run(1_000);
  expect(inSyncSince(mesh, 1_000)).toBe(true);
  return mesh;
}

/** Whether a handshake of `a` with `b` in the last time found the same on both sides. */
function inSyncSince(mesh: VirtualMesh, ms: number): boolean {
  const before = mesh.events('b').length;
  mesh.run(ms);
  return mesh
    .events('b')
    .slice(before)
    .some((event) => event.kind === 'handshakeFinished' && event.side === 'server' && event.inSync);
}

function heldBy(mesh: VirtualMesh, name: string, size: number): readonly string[] {
  const ids = ['a', 'b', ...Array.from({ length: size }, (_, index) => `m${index}`)];
  const records = ids.map((id): MemberRecord | undefined => mesh.core(name).record(nodeId(id)));
  return records.flatMap((record) => (record === undefined ? [] : [textOf(record)]));
}

const accused: RecordOptions = { id: 'm0', version: VERSION, state: 'SUSPECTED_DEAD' };
const gone: RecordOptions = { id: 'm0', version: VERSION, state: 'DEAD', left: true };
const newer: RecordOptions = { id: 'm0', version: NEWER, metadata: 'new' };
const otherNewer: RecordOptions = { id: 'm2', version: NEWER, metadata: 'new' };
const unknown: RecordOptions = { id: 'm69', version: VERSION };

interface Mismatch {
  readonly name: string;
  readonly a?: RecordOptions;
  readonly b?: RecordOptions;
}

const MISMATCHES: readonly Mismatch[] = [
  { name: 'the caller has a newer record', a: newer },
  { name: 'the other has a newer record', b: newer },
  { name: 'each has a newer record', a: newer, b: otherNewer },
  { name: 'the caller has a newer record, and the other an accusation of the older', a: newer, b: accused },
  { name: 'the other has a newer record, and the caller an accusation of the older', a: accused, b: newer },
  { name: 'the caller accuses', a: accused },
  { name: 'the other accuses', b: accused },
  { name: 'the caller has a tombstone, and the other believes', a: gone },
  { name: 'the other has a tombstone, and the caller believes', b: gone },
  { name: 'the caller has a tombstone, and the other a new life', a: gone, b: newer },
  { name: 'the other has a tombstone, and the caller a new life', a: newer, b: gone },
  { name: 'the caller knows one more', a: unknown },
  { name: 'the other knows one more', b: unknown },
];

describe.each(SIZES)('two of %i members that hold different things hold the same after a handshake', (size) => {
  it.each(MISMATCHES)('$name', ({ a, b }) => {
    const mesh = agreedPair(size);
    if (a !== undefined) mesh.poke('a', pushed([recordOf(a)]));
    if (b !== undefined) mesh.poke('b', pushed([recordOf(b)]));
    expect(heldBy(mesh, 'a', 70)).not.toEqual(heldBy(mesh, 'b', 70));
    mesh.run(1_200);
    expect(heldBy(mesh, 'a', 70)).toEqual(heldBy(mesh, 'b', 70));
  });
});

describe.each(SIZES)('a node of %i that comes back from isolation', (size) => {
  it('speaks of everybody again, and ends with what the others hold', () => {
    const mesh = formedMesh(size, 3);
    mesh.reaches = (from, to) => from !== 'n0:1' && to !== 'n0:1';
    mesh.run(8_000);
    mesh.kill('n1');
    mesh.relabel('n2', 'meanwhile');
    mesh.start('late', { join: ['n2:1'] });
    mesh.run(14_000);
    expect(mesh.members('n0').some(({ state }) => state === 'DEAD')).toBe(true);
    mesh.reaches = () => true;
    const same = (): boolean =>
      mesh.ids().every((name) => mesh.text(name, 'n2') === 'meanwhile' && mesh.state(name, 'n1') === 'DEAD') &&
      mesh.ids().every((name) => mesh.ids().every((id) => mesh.state(name, id) === 'HEALTHY'));
    // Nobody tells it of the death, since it does not name the dead one: it finds it out by itself.
    expect(mesh.runUntil(same, 20_000, 500)).toBeDefined();
    mesh.run(2_000);
    const before = mesh.events('n0').length;
    mesh.run(2_000);
    const handshakes = mesh
      .events('n0')
      .slice(before)
      .flatMap((event) => (event.kind === 'handshakeFinished' ? [event.inSync] : []));
    expect(handshakes.length).toBeGreaterThan(3);
    expect(new Set(handshakes)).toEqual(new Set([true]));
  });
});
