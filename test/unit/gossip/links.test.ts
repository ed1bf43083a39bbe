import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { formedMesh } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];

describe('bad links', () => {
  it.each(SEEDS)('between two nodes kill neither of them (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    const between = new Set(['n1:1>n2:1', 'n2:1>n1:1']);
    mesh.reaches = (from, to) => !between.has(`${from}>${to}`);
    mesh.run(120_000);
    expect(mesh.changes.filter(({ to }) => to === 'DEAD')).toEqual([]);
    const suspects = new Set(mesh.changes.filter(({ to }) => to === 'SUSPECTED_DEAD').map(({ id }) => id));
    expect([...suspects].filter((id) => id !== 'n1' && id !== 'n2')).toEqual([]);
    mesh.reaches = () => true;
    expect(mesh.runUntil(() => mesh.agreed(), 5_000)).toBeDefined();
  });

  it.each(SEEDS)('that are cut one way kill nobody (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.reaches = (from, to) => !(from === 'n1:1' && to === 'n2:1');
    mesh.run(120_000);
    expect(mesh.changes.filter(({ to }) => to === 'DEAD')).toEqual([]);
  });

  it.each(SEEDS)('that lose a fifth of all packets kill nobody (seed %i)', (seed) => {
    const mesh = formedMesh(10, seed);
    const chance = seededRandom(seed + 100);
    mesh.reaches = () => chance.fraction() >= 0.2;
    mesh.run(120_000);
    expect(mesh.changes.filter(({ to }) => to === 'DEAD')).toEqual([]);
    mesh.reaches = () => true;
    expect(mesh.runUntil(() => mesh.agreed(), 5_000)).toBeDefined();
  });

  it.each(SEEDS)('that lose a fifth of all packets do not hide a death (seed %i)', (seed) => {
    const mesh = formedMesh(10, seed);
    const chance = seededRandom(seed + 200);
    mesh.reaches = () => chance.fraction() >= 0.2;
    mesh.kill('n3');
    const known = (): boolean => mesh.ids().every((name) => mesh.state(name, 'n3') === 'DEAD');
    expect(mesh.runUntil(known, 20_000)).toBeDefined();
  });
});

describe('a node that was stopped for half a minute', () => {
  it.each(SEEDS)('accuses nobody and is taken in again at once (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.pause('n2');
    mesh.run(30_000);
    for (const name of ['n0', 'n1', 'n3', 'n4']) expect(mesh.state(name, 'n2')).toBe('DEAD');
    mesh.changes.length = 0;
    mesh.resume('n2');
    expect(mesh.runUntil(() => mesh.agreed(), 3_000)).toBeDefined();
    mesh.run(30_000);
    expect(mesh.agreed()).toBe(true);
    expect(mesh.changes.filter(({ id, to }) => id !== 'n2' && to !== 'HEALTHY')).toEqual([]);
    expect(mesh.events('n2').filter(({ kind }) => kind === 'accused')).toEqual([]);
    expect(mesh.events('n2').filter(({ kind }) => kind === 'lateCycle').length).toBe(1);
  });

  it.each(SEEDS)('again and again counts nothing, not even against the dead (seed %i)', (seed) => {
    const mesh = formedMesh(2, seed);
    mesh.kill('n1');
    for (let round = 0; round < 30; round += 1) {
      mesh.pause('n0');
      mesh.run(2_500);
      mesh.resume('n0');
      mesh.run(100);
    }
    expect(mesh.state('n0', 'n1')).toBe('HEALTHY');
    expect(mesh.runUntil(() => mesh.state('n0', 'n1') === 'DEAD', 14_000)).toBeDefined();
  });
});
