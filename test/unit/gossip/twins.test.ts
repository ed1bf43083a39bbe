import { describe, expect, it } from 'vitest';
import { VirtualMesh } from '../../helpers/virtual-mesh.ts';

function withTwins(seed: number, clockAhead = 0): VirtualMesh {
  const mesh = new VirtualMesh(seed);
  for (const name of ['a', 'b', 'c', 'one'])
    mesh.start(name, { join: ['a:1'], ...(name === 'one' ? { id: 'x' } : {}) });
  mesh.run(5_000);
  mesh.start('other', { id: 'x', join: ['a:1'], clockAhead });
  return mesh;
}

function reports(mesh: VirtualMesh, name: string): readonly string[] {
  return mesh.events(name).flatMap((event) => (event.kind === 'duplicateId' ? [event.otherAddress] : []));
}

describe('two live nodes with one id', () => {
  it.each([
    [1, 0],
    [2, 0],
    [3, 0],
    [4, -60_000],
    [5, 3_000],
  ])('both find out within a minute and name each other (seed %i, clock %i ms ahead)', (seed, clockAhead) => {
    const mesh = withTwins(seed, clockAhead);
    mesh.run(60_000);
    expect(new Set(reports(mesh, 'one'))).toEqual(new Set(['other:1']));
    expect(new Set(reports(mesh, 'other'))).toEqual(new Set(['one:1']));
    expect(mesh.standing('one').duplicateAddresses).toEqual(['other:1']);
    expect(mesh.standing('other').duplicateAddresses).toEqual(['one:1']);
  });

  it.each([1, 2, 3])('are shown HEALTHY by the others, as one, and keep nobody busy (seed %i)', (seed) => {
    const mesh = withTwins(seed);
    mesh.run(60_000);
    const changes = mesh.changes.length;
    mesh.run(120_000);
    const others = mesh.changes.filter(({ id, to }) => id === 'x' && to !== 'HEALTHY');
    expect(others).toEqual([]);
    // Each of the two answers four times a minute, and each answer is news once to each of four others.
    expect(mesh.changes.length - changes).toBeLessThan(2 * 2 * 4 * 5 * 1.2);
    expect(reports(mesh, 'one').length).toBeLessThanOrEqual(4);
  });

  it.each([1, 2, 3])('are one again when the other has gone (seed %i)', (seed) => {
    const mesh = withTwins(seed);
    mesh.run(60_000);
    mesh.kill('other');
    mesh.run(200_000);
    expect(mesh.standing('one').duplicateAddresses).toEqual([]);
    for (const name of ['a', 'b', 'c', 'one']) {
      expect(mesh.shown(name, 'x')).toEqual(expect.objectContaining({ address: 'one:1', state: 'HEALTHY' }));
    }
  });
});
