import { describe, expect, it } from 'vitest';
import { doneDuring, only } from '../../helpers/inputs.ts';
import type { Change, VirtualMesh } from '../../helpers/virtual-mesh.ts';
import { formedMesh } from '../../helpers/virtual-mesh.ts';

const CASES = [
  [3, 1],
  [3, 2],
  [3, 3],
  [10, 1],
  [10, 2],
] as const;

function observersOf(mesh: VirtualMesh, id: string): readonly string[] {
  return mesh.ids().filter((name) => name !== id);
}

function changesOf(mesh: VirtualMesh, observer: string, id: string): readonly Change[] {
  return mesh.changes.filter((change) => change.observer === observer && change.id === id);
}

describe('a member that crashed', () => {
  it.each(CASES)('is suspected, then dead, then gone at each of %i nodes (seed %i)', (count, seed) => {
    const mesh = formedMesh(count, seed);
    mesh.run(3_000);
    const diedAt = mesh.now;
    mesh.kill('n1');
    mesh.changes.length = 0;
    mesh.run(600_000);
    for (const observer of observersOf(mesh, 'n1')) {
      const changes = changesOf(mesh, observer, 'n1');
      expect(changes.map(({ from, to }) => [from, to])).toEqual([
        ['HEALTHY', 'SUSPECTED_DEAD'],
        ['SUSPECTED_DEAD', 'DEAD'],
        ['DEAD', undefined],
      ]);
      const [suspected = Number.NaN, dead = Number.NaN, gone = Number.NaN] = changes.map(({ at }) => at - diedAt);
      expect(suspected).toBeGreaterThan(4_000);
      expect(suspected).toBeLessThan(8_000);
      expect(dead).toBeGreaterThan(9_000);
      expect(dead).toBeLessThan(14_000);
      expect(gone - dead).toBeCloseTo(60_000, -1);
      expect(mesh.core(observer).tombstoneCount).toBe(1);
    }
  });

  it('twice is shown dead for the whole time after the second crash too', () => {
    const mesh = formedMesh(3, 1);
    mesh.kill('n1');
    mesh.runUntil(() => mesh.state('n0', 'n1') === 'DEAD', 20_000);
    mesh.run(20_000);
    mesh.start('n1', { join: ['n0:1'] });
    mesh.run(5_000);
    mesh.kill('n1');
    mesh.changes.length = 0;
    mesh.run(120_000);
    const [, dead = Number.NaN, gone = Number.NaN] = changesOf(mesh, 'n0', 'n1').map(({ at }) => at);
    expect(gone - dead).toBeCloseTo(60_000, -1);
  });

  it.each([1, 2, 3])('is shown dead by the only other node too (seed %i)', (seed) => {
    const mesh = formedMesh(2, seed);
    mesh.kill('n1');
    expect(mesh.runUntil(() => mesh.state('n0', 'n1') === 'DEAD', 14_000)).toBeGreaterThan(9_000);
    mesh.run(60_100);
    expect(mesh.members('n0').map(({ id }) => id)).toEqual(['n0']);
  });

  it.each([1, 2, 3])('is told from one whose packets vanish (seed %i): both die in the same time', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.reaches = (from, to) => from !== 'n1:1' && to !== 'n1:1';
    mesh.kill('n1');
    const allDead = (): boolean => observersOf(mesh, 'n1').every((name) => mesh.state(name, 'n1') === 'DEAD');
    const took = mesh.runUntil(allDead, 16_000);
    expect(took).toBeGreaterThan(9_000);
  });

  it('dies in time even when half of the mesh dies with it', () => {
    const mesh = formedMesh(20, 1);
    const crashed = mesh.ids().filter((_, index) => index % 2 === 1);
    for (const name of crashed) mesh.kill(name);
    const allDead = (): boolean =>
      mesh.ids().every((observer) => crashed.every((id) => mesh.state(observer, id) === 'DEAD'));
    expect(mesh.runUntil(allDead, 25_000)).toBeDefined();
    for (const { id, to } of mesh.changes) expect(crashed.includes(id) || to === 'HEALTHY').toBe(true);
  });

  it.each([1, 2, 3])('is settled by others when its accuser dies as well (seed %i)', (seed) => {
    const mesh = formedMesh(6, seed);
    mesh.kill('n1');
    const accuser = (): string | undefined =>
      mesh.ids().find((name) => mesh.events(name).some(({ kind }) => kind === 'accused'));
    mesh.runUntil(
      () =>
        accuser() !== undefined &&
        mesh.ids().some((name) => name !== accuser() && mesh.state(name, 'n1') === 'SUSPECTED_DEAD'),
      10_000,
      5,
    );
    mesh.kill(accuser() ?? 'nobody');
    const settled = (): boolean => mesh.ids().every((name) => mesh.state(name, 'n1') === 'DEAD');
    expect(mesh.ids().length).toBe(4);
    expect(mesh.runUntil(settled, 25_000)).toBeDefined();
  });
});

describe('of many that crash at once', () => {
  it.each([1, 2, 3])(
    'each is tried in every cycle by the nearest before it in the ring that lives (seed %i)',
    (seed) => {
      // With few places, so that not all that failed find one.
      const mesh = formedMesh(30, seed, { gossipFactor: 2 });
      const ring = mesh.ids().toSorted();
      mesh.run(5_000);
      const dead = ring.filter((_, index) => index % 5 < 2);
      for (const name of dead) mesh.kill(name);
      // The first failure, the next in the ring, and the one after that: each takes a cycle and a deadline.
      mesh.run(6_000);
      const tried = only('sendHeartbeat', doneDuring(mesh, 1_000));
      for (const name of dead) {
        const before = ring.at(ring.indexOf(name) - 1) ?? '';
        const nearest = dead.includes(before) ? ring.at(ring.indexOf(before) - 1) : before;
        const byNearest = tried.filter(({ by }) => by === nearest).map(({ effect }) => effect.address);
        expect(byNearest).toContain(`${name}:1`);
      }
    },
  );
});
