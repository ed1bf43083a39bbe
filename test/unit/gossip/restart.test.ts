import { describe, expect, it } from 'vitest';
import type { Version } from '../../../src/base/brands.ts';
import type { VirtualMesh } from '../../helpers/virtual-mesh.ts';
import { EPOCH, formedMesh } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];

function everywhere(mesh: VirtualMesh, id: string, text: string, address: string): boolean {
  return (
    mesh.agreed() &&
    mesh.ids().every((name) => mesh.text(name, id) === text && mesh.shown(name, id)?.address === address)
  );
}

describe('a restarted member', () => {
  it.each(SEEDS)(
    'is taken in with its new words and its new address, before its death was noticed (seed %i)',
    (seed) => {
      const mesh = formedMesh(5, seed);
      mesh.kill('n2');
      mesh.run(1_000);
      mesh.start('n2', { metadata: 'second life', address: 'elsewhere:2', join: ['n0:1'] });
      expect(mesh.runUntil(() => everywhere(mesh, 'n2', 'second life', 'elsewhere:2'), 5_000)).toBeDefined();
      mesh.run(60_000);
      expect(everywhere(mesh, 'n2', 'second life', 'elsewhere:2')).toBe(true);
    },
  );

  it.each([
    [20_000, 'dead'],
    [120_000, 'gone'],
  ])('is taken in %i ms after its crash, when it was shown %s', (after) => {
    const mesh = formedMesh(5, 1);
    mesh.kill('n2');
    mesh.run(after);
    mesh.start('n2', { metadata: 'second life', join: ['n0:1'] });
    expect(mesh.runUntil(() => everywhere(mesh, 'n2', 'second life', 'n2:1'), 5_000)).toBeDefined();
  });

  it.each(SEEDS)('is found by the others when it has no address to join by (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.kill('n0');
    mesh.run(100_000);
    mesh.start('n0');
    expect(mesh.runUntil(() => mesh.agreed(), 5_000)).toBeDefined();
  });

  it.each(SEEDS)('is taken in although its clock was set back by an hour (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.run(5_000);
    const former = mesh.shown('n0', 'n2')?.version ?? Number.NaN;
    mesh.kill('n2');
    mesh.run(1_000);
    mesh.start('n2', { metadata: 'second life', join: ['n0:1'], clockAhead: -3_600_000 });
    expect(mesh.core('n2').ownVersion).toBeLessThan(former);
    expect(mesh.runUntil(() => everywhere(mesh, 'n2', 'second life', 'n2:1'), 5_000)).toBeDefined();
    expect(mesh.core('n2').ownVersion).toBeGreaterThan(former);
    expect(mesh.standing('n2').duplicateAddresses).toEqual([]);
  });

  it('begins above the version of its former life, where it remembers that', () => {
    const mesh = formedMesh(1);
    const former = (EPOCH + 1_000_000) as Version;
    mesh.start('n1', { join: ['n0:1'], formerVersion: former });
    expect(mesh.core('n1').ownVersion).toBe(former + 1);
  });

  it.each(SEEDS)('does not pass for its former life after it left (seed %i)', (seed) => {
    const mesh = formedMesh(3, seed);
    mesh.leave('n2');
    mesh.run(500);
    mesh.kill('n2');
    mesh.start('n2', { metadata: 'second life', join: ['n0:1'] });
    expect(mesh.runUntil(() => everywhere(mesh, 'n2', 'second life', 'n2:1'), 5_000)).toBeDefined();
    expect(mesh.shown('n0', 'n2')?.left).toBe(false);
  });
});

describe('an address', () => {
  it.each(SEEDS)('that another member has taken over does not keep the old one alive (seed %i)', (seed) => {
    const mesh = formedMesh(4, seed);
    mesh.kill('n2');
    mesh.start('heir', { address: 'n2:1', join: ['n0:1'] });
    const settled = (): boolean =>
      mesh.ids().every((name) => mesh.state(name, 'n2') === 'DEAD' && mesh.state(name, 'heir') === 'HEALTHY');
    expect(mesh.runUntil(settled, 16_000)).toBeDefined();
    expect(mesh.changes.filter(({ id, to }) => id === 'heir' && to !== 'HEALTHY')).toEqual([]);
  });

  it.each(SEEDS)('that leads back to the node itself is no duplicate and kills nobody (seed %i)', (seed) => {
    const mesh = formedMesh(2, seed);
    // It advertises the address of n0, so all who try it get n0, n0 itself included.
    mesh.start('lost', { address: 'n0:1', join: ['n0:1'] });
    mesh.run(120_000);
    expect(mesh.state('n0', 'lost')).toBe('HEALTHY');
    expect(mesh.changes.filter(({ id, to }) => id !== 'lost' && to !== 'HEALTHY')).toEqual([]);
    expect(mesh.standing('n0').duplicateAddresses).toEqual([]);
  });
});
