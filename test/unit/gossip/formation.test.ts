import { describe, expect, it } from 'vitest';
import { VirtualMesh } from '../../helpers/virtual-mesh.ts';

function meshOfAll(count: number, seed: number): VirtualMesh {
  const mesh = new VirtualMesh(seed);
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  for (const name of names) mesh.start(name, { join: names.map((other) => `${other}:1`) });
  return mesh;
}

describe('a mesh', () => {
  it.each([
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
    [10, 1],
    [10, 2],
    [50, 1],
  ])('of %i forms when each node is given all addresses, its own among them (seed %i)', (count, seed) => {
    const mesh = meshOfAll(count, seed);
    expect(mesh.runUntil(() => mesh.agreed(), 10_000)).toBeDefined();
    for (const name of mesh.ids()) {
      expect(mesh.standing(name)).toEqual({
        firstRoundTried: true,
        leaving: false,
        isolated: false,
        waitingFor: [],
        duplicateAddresses: [],
      });
    }
  });

  it('that has formed stays as it is: nobody is suspected, nobody speaks again', () => {
    const mesh = meshOfAll(5, 3);
    mesh.runUntil(() => mesh.agreed(), 10_000);
    const versions = mesh.ids().map((name) => mesh.core(name).ownVersion);
    const changes = mesh.changes.length;
    mesh.run(120_000);
    expect(mesh.changes.length).toBe(changes);
    expect(mesh.ids().map((name) => mesh.core(name).ownVersion)).toEqual(versions);
  });

  it('of one is a mesh too', () => {
    const mesh = new VirtualMesh();
    mesh.start('alone');
    mesh.run(60_000);
    expect(mesh.agreed()).toBe(true);
    expect(mesh.standing('alone')).toEqual(expect.objectContaining({ firstRoundTried: true, isolated: false }));
  });

  it('shows what a member says of itself, at once to itself and soon to all', () => {
    const mesh = meshOfAll(10, 4);
    mesh.runUntil(() => mesh.agreed(), 10_000);
    mesh.relabel('n3', 'new words');
    expect(mesh.text('n3', 'n3')).toBe('new words');
    const everywhere = (): boolean => mesh.ids().every((name) => mesh.text(name, 'n3') === 'new words');
    expect(mesh.runUntil(everywhere, 5_000)).toBeDefined();
  });

  it('rises by a revision with every change that is shown, and not with a contact', () => {
    const mesh = meshOfAll(2, 5);
    mesh.runUntil(() => mesh.agreed(), 10_000);
    const before = mesh.core('n0').revision;
    const seen = mesh.shown('n0', 'n1')?.lastSeen ?? 0;
    mesh.run(5_000);
    expect(mesh.core('n0').revision).toBe(before);
    expect(mesh.shown('n0', 'n1')?.lastSeen).toBeGreaterThan(seen);
    mesh.relabel('n1', 'new words');
    mesh.run(5_000);
    expect(mesh.core('n0').revision).toBeGreaterThan(before);
  });
});

describe('two meshes', () => {
  it.each([1, 2, 3])('that one node introduces become one (seed %i)', (seed) => {
    const mesh = new VirtualMesh(seed);
    for (const side of ['a', 'b']) {
      for (const name of [`${side}0`, `${side}1`, `${side}2`]) mesh.start(name, { join: [`${side}0:1`] });
    }
    mesh.run(10_000);
    expect(mesh.shown('a1', 'b1')).toBeUndefined();
    mesh.start('between', { join: ['a0:1', 'b0:1'] });
    expect(mesh.runUntil(() => mesh.agreed(), 10_000)).toBeDefined();
  });
});
