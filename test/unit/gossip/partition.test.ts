import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/base/brands.ts';
import type { Change, VirtualMesh } from '../../helpers/virtual-mesh.ts';
import { formedMesh } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];
const everything = (): boolean => true;

/** Cuts the mesh between the first `count` nodes and the rest. */
function split(mesh: VirtualMesh, count: number): (id: string) => number {
  const names = mesh.ids();
  const side = (id: string): number => (names.indexOf(id) < count ? 0 : 1);
  mesh.reaches = (from, to) => side(from.split(':')[0] ?? '') === side(to.split(':')[0] ?? '');
  return side;
}

function accusations(mesh: VirtualMesh, concern: (change: Change) => boolean): readonly Change[] {
  return mesh.changes.filter((change) => concern(change) && change.to !== 'HEALTHY' && change.to !== undefined);
}

describe('a mesh cut in two halves', () => {
  it.each([...SEEDS.map((seed) => [60_000, seed] as const), [150_000, 4] as const])(
    'for %i ms buries the far side only, and is whole again soon after (seed %i)',
    (duration, seed) => {
      const mesh = formedMesh(10, seed);
      const side = split(mesh, 5);
      mesh.run(duration);
      for (const observer of mesh.ids()) {
        const alive = mesh.members(observer).filter(({ state }) => state === 'HEALTHY');
        expect(alive.map(({ id }) => side(id))).toEqual(Array.from({ length: 5 }, () => side(observer)));
      }
      mesh.reaches = everything;
      expect(mesh.runUntil(() => mesh.agreed(), 8_000)).toBeDefined();
      mesh.run(60_000);
      expect(mesh.agreed()).toBe(true);
      const own = mesh.changes.filter(({ observer, id, to }) => side(observer) === side(id) && to === 'DEAD');
      expect(own).toEqual([]);
    },
  );

  it('comes together without any bootstrap node in between', () => {
    const mesh = formedMesh(6, 5);
    mesh.kill('n0');
    mesh.run(100_000);
    split(mesh, 2);
    mesh.run(90_000);
    mesh.reaches = everything;
    expect(mesh.runUntil(() => mesh.agreed(), 10_000)).toBeDefined();
  });
});

describe('one node that is cut off', () => {
  it.each([...SEEDS.map((seed) => [60_000, seed] as const), [180_000, 4] as const])(
    'for %i ms keeps its verdicts to itself and comes back accusing nobody (seed %i)',
    (duration, seed) => {
      const mesh = formedMesh(6, seed);
      split(mesh, 1);
      mesh.run(20_000);
      expect(mesh.members('n0').filter(({ state }) => state === 'DEAD').length).toBe(5);
      expect(mesh.standing('n0').isolated).toBe(true);
      mesh.run(duration - 20_000);
      expect(mesh.standing('n0').isolated).toBe(true);
      expect(mesh.shown('n1', 'n0')?.state).toBe(duration < 70_000 ? 'DEAD' : undefined);
      mesh.changes.length = 0;
      mesh.reaches = everything;
      expect(mesh.runUntil(() => mesh.agreed(), 3_000)).toBeDefined();
      mesh.run(60_000);
      expect(mesh.agreed()).toBe(true);
      expect(mesh.standing('n0').isolated).toBe(false);
      expect(accusations(mesh, ({ observer, id }) => observer !== 'n0' && id !== 'n0')).toEqual([]);
      expect(mesh.events('n0').filter(({ kind }) => kind === 'accused')).toEqual([]);
      expect(mesh.events('n0').filter(({ kind }) => kind === 'isolated' || kind === 'reconnected').length).toBe(2);
    },
  );

  it.each(SEEDS)(
    'for less than a suspicion takes does not count that time against a peer that it can not reach yet (seed %i)',
    (seed) => {
      const mesh = formedMesh(5, seed);
      split(mesh, 1);
      mesh.run(4_300);
      const between = new Set(['n0:1>n1:1', 'n1:1>n0:1']);
      mesh.reaches = (from, to) => !between.has(`${from}>${to}`);
      mesh.run(3_500);
      expect(mesh.events('n0').filter(({ kind }) => kind === 'accused')).toEqual([]);
      expect(mesh.state('n0', 'n1')).toBe('HEALTHY');
    },
  );

  it.each(SEEDS)('does not bring back one that died meanwhile (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    split(mesh, 1);
    mesh.run(2_000);
    mesh.kill('n4');
    mesh.run(30_000);
    expect(mesh.state('n0', 'n4')).toBe('DEAD');
    mesh.reaches = everything;
    mesh.changes.length = 0;
    mesh.run(120_000);
    expect(mesh.changes.filter(({ id, to }) => id === 'n4' && to === 'HEALTHY')).toEqual([]);
    for (const name of mesh.ids()) expect(mesh.shown(name, 'n4')).toBeUndefined();
  });

  it.each(SEEDS)('settles on a death that it slept through, without flapping (seed %i)', (seed) => {
    const mesh = formedMesh(3, seed);
    // n2 sleeps, n1 dies; so n0 is alone until n2 wakes and, not knowing better, vouches for n1.
    mesh.pause('n2');
    mesh.kill('n1');
    mesh.run(120_000);
    mesh.changes.length = 0;
    mesh.resume('n2');
    mesh.run(30_000);
    expect(mesh.state('n0', 'n1')).toBe('DEAD');
    expect(
      mesh.changes.filter(({ observer, id, to }) => observer === 'n0' && id === 'n1' && to === 'DEAD').length,
    ).toBe(1);
  });

  it('learns of a goodbye that it missed, and tells others of it', () => {
    const mesh = formedMesh(4, 1);
    split(mesh, 1);
    mesh.run(20_000);
    mesh.leave('n3');
    mesh.run(1_000);
    mesh.kill('n3');
    mesh.reaches = everything;
    mesh.changes.length = 0;
    const known = (): boolean => mesh.ids().every((name) => mesh.shown(name, 'n3')?.left === true);
    expect(mesh.runUntil(known, 10_000)).toBeDefined();
    expect(mesh.changes.filter(({ id, to }) => id === 'n3' && to === 'HEALTHY')).toEqual([]);
  });
});

describe('a node whose only peer died', () => {
  it.each([8_000, 20_000, 90_000])('does not show it alive to a third that joins %i ms later', (after) => {
    for (const seed of SEEDS) {
      const mesh = formedMesh(2, seed);
      mesh.kill('n1');
      mesh.run(after);
      mesh.changes.length = 0;
      mesh.start('n2', { join: ['n0:1'] });
      mesh.run(120_000);
      expect(mesh.changes.filter(({ id, to }) => id === 'n1' && to === 'HEALTHY')).toEqual([]);
      expect(mesh.agreed()).toBe(true);
    }
  });

  it('forgets it when a tombstone would be forgotten', () => {
    const mesh = formedMesh(2, 1, { tombstoneTtl: millis(600_000) });
    mesh.kill('n1');
    mesh.run(300_000);
    expect(mesh.core('n0').rejoinAddresses()).toEqual(['n1:1']);
    mesh.run(320_000);
    expect(mesh.core('n0').rejoinAddresses()).toEqual([]);
    expect(mesh.standing('n0').isolated).toBe(false);
  });
});
