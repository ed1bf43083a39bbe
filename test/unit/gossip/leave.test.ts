import { describe, expect, it } from 'vitest';
import type { VirtualMesh } from '../../helpers/virtual-mesh.ts';
import { formedMesh } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];

function shownLeft(mesh: VirtualMesh, observer: string, id: string): boolean {
  const member = mesh.shown(observer, id);
  return member?.state === 'DEAD' && member.left;
}

describe('a goodbye', () => {
  it.each(SEEDS)('is believed at once by everybody in a mesh of three (seed %i)', (seed) => {
    const mesh = formedMesh(3, seed);
    mesh.leave('n1');
    expect(mesh.standing('n1').leaving).toBe(true);
    expect(mesh.runUntil(() => shownLeft(mesh, 'n0', 'n1') && shownLeft(mesh, 'n2', 'n1'), 2_000, 5)).toBeDefined();
    expect(mesh.changes.some(({ id, to }) => id === 'n1' && to === 'SUSPECTED_DEAD')).toBe(false);
    expect(mesh.leftAt('n1')).toBeDefined();
  });

  it('reaches everybody in a mesh of twenty, and the one who left does not come back', () => {
    const mesh = formedMesh(20, 1);
    mesh.leave('n7');
    mesh.run(100);
    expect(mesh.leftAt('n7')).toBeDefined();
    mesh.kill('n7');
    expect(mesh.runUntil(() => mesh.ids().every((name) => shownLeft(mesh, name, 'n7')), 5_000)).toBeDefined();
    mesh.changes.length = 0;
    mesh.run(300_000);
    expect(mesh.changes.filter(({ to }) => to !== undefined)).toEqual([]);
    for (const name of mesh.ids()) expect(mesh.shown(name, 'n7')).toBeUndefined();
  });

  it('is over at once for a node that is alone', () => {
    const mesh = formedMesh(1);
    mesh.leave('n0');
    expect(mesh.leftAt('n0')).toBe(mesh.now);
  });

  it('is over when nobody is left to tell: refused calls are not waited for', () => {
    const mesh = formedMesh(4);
    const begun = mesh.now;
    for (const name of ['n1', 'n2', 'n3']) mesh.kill(name);
    mesh.leave('n0');
    mesh.run(1_000);
    expect((mesh.leftAt('n0') ?? Number.NaN) - begun).toBeLessThan(50);
  });

  it('ends by its timeout when all packets vanish', () => {
    const mesh = formedMesh(30);
    const begun = mesh.now;
    mesh.reaches = () => false;
    mesh.leave('n0');
    mesh.run(10_000);
    expect((mesh.leftAt('n0') ?? Number.NaN) - begun).toBeCloseTo(5_000, 0);
  });

  it('passes over peers that do not answer until enough have heard it', () => {
    const mesh = formedMesh(10);
    const deaf = new Set(['n1:1', 'n2:1', 'n3:1', 'n4:1', 'n5:1', 'n6:1']);
    mesh.reaches = (_from, to) => !deaf.has(to);
    mesh.leave('n0');
    mesh.run(4_000);
    expect(mesh.leftAt('n0')).toBeDefined();
    expect(['n7', 'n8', 'n9'].filter((name) => shownLeft(mesh, name, 'n0'))).toEqual(['n7', 'n8', 'n9']);
  });

  it('is said to the healthy first, so that the suspected do not hold it up', () => {
    const mesh = formedMesh(10);
    const silent = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
    mesh.reaches = (from, to) => ![from, to].some((address) => silent.includes(address.split(':')[0] ?? ''));
    mesh.runUntil(() => silent.every((id) => mesh.state('n0', id) === 'SUSPECTED_DEAD'), 12_000);
    const begun = mesh.now;
    mesh.leave('n0');
    mesh.run(2_000);
    expect((mesh.leftAt('n0') ?? Number.NaN) - begun).toBeLessThan(50);
  });

  it('makes that nobody asks after the one who left', () => {
    const mesh = formedMesh(3);
    mesh.leave('n2');
    mesh.run(1_000);
    mesh.kill('n2');
    const asked: string[] = [];
    mesh.watch = (_name, effect) => {
      if (effect.kind === 'sendHeartbeat' && effect.address === 'n2:1') asked.push(effect.kind);
    };
    mesh.run(300_000);
    expect(asked).toEqual([]);
  });

  it('is said once: a second wish to leave changes nothing, nor does what comes after', () => {
    const mesh = formedMesh(2);
    mesh.leave('n1');
    const version = mesh.core('n1').ownVersion;
    mesh.leave('n1');
    expect(mesh.core('n1').ownVersion).toBe(version);
    mesh.run(1_000);
    mesh.relabel('n1', 'last words');
    mesh.run(5_000);
    expect(mesh.shown('n0', 'n1')?.state).toBe('DEAD');
  });

  it('leaves the others neither isolated nor waiting', () => {
    const mesh = formedMesh(2);
    mesh.leave('n1');
    mesh.run(500);
    mesh.kill('n1');
    mesh.run(120_000);
    expect(mesh.standing('n0').isolated).toBe(false);
    expect(mesh.events('n0').some(({ kind }) => kind === 'isolated')).toBe(false);
  });
});
