import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../src/base/brands.ts';
import type { Input } from '../../../src/gossip/input.ts';
import { doneDuring, effectsOf, only, pushed } from '../../helpers/inputs.ts';
import { recordOf } from '../../helpers/records.ts';
import { formedMesh, VirtualMesh } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];

function forget(id: string): Input {
  return { kind: 'forget', id: nodeId(id) };
}

function join(...targets: readonly string[]): Input {
  return { kind: 'join', targets: targets.map((target) => ({ target, origin: 'configured' })) };
}

/** Five nodes of which `n4` has crashed and is shown DEAD everywhere. */
function withDead(seed: number): VirtualMesh {
  const mesh = formedMesh(5, seed);
  mesh.kill('n4');
  const known = (): boolean => mesh.ids().every((name) => mesh.state(name, 'n4') === 'DEAD');
  expect(mesh.runUntil(known, 15_000)).toBeDefined();
  return mesh;
}

function gone(mesh: VirtualMesh, id: string): boolean {
  return mesh.ids().every((name) => mesh.shown(name, id) === undefined);
}

describe('a dead member that an operator has forgotten', () => {
  it.each(SEEDS)('leaves every memberlist at once and does not come back (seed %i)', (seed) => {
    const mesh = withDead(seed);
    mesh.poke('n0', forget('n4'));
    expect(mesh.shown('n0', 'n4')).toBeUndefined();
    expect(mesh.runUntil(() => gone(mesh, 'n4'), 150)).toBeDefined();
    mesh.changes.length = 0;
    mesh.run(120_000);
    expect(gone(mesh, 'n4')).toBe(true);
    expect(mesh.changes).toEqual([]);
  });

  it.each(SEEDS)('comes back with a new version of its own (seed %i)', (seed) => {
    const mesh = withDead(seed);
    mesh.poke('n0', forget('n4'));
    mesh.run(1_000);
    mesh.start('n4', { join: ['n2:1'] });
    expect(mesh.runUntil(() => mesh.agreed(), 3_000)).toBeDefined();
  });

  it.each(SEEDS)('is forgotten by one who was cut off meanwhile too (seed %i)', (seed) => {
    const mesh = withDead(seed);
    mesh.reaches = (from, to) => from !== 'n3:1' && to !== 'n3:1';
    mesh.poke('n0', forget('n4'));
    mesh.run(2_000);
    expect(mesh.state('n3', 'n4')).toBe('DEAD');
    mesh.reaches = () => true;
    expect(mesh.runUntil(() => gone(mesh, 'n4'), 3_000)).toBeDefined();
  });

  it('is news, which goes out without waiting for the timer', () => {
    const mesh = withDead(1);
    mesh.run(200);
    mesh.poke('n0', forget('n4'));
    const told = only('sendDiff', doneDuring(mesh, 21)).filter(
      ({ by, effect }) => by === 'n0' && effect.message.pushOnly,
    );
    expect(told.map(({ effect }) => effect.message.delta.map(({ id, forgotten }) => [id, forgotten]))).toEqual([
      [['n4', true]],
      [['n4', true]],
      [['n4', true]],
    ]);
  });

  it('is told of once', () => {
    const mesh = withDead(1);
    mesh.poke('n0', forget('n4'));
    mesh.poke('n0', forget('n4'));
    expect(mesh.events('n0').filter(({ kind }) => kind === 'forgotten')).toEqual([{ kind: 'forgotten', id: 'n4' }]);
  });
});

describe('nobody else can be forgotten', () => {
  it.each(['n0', 'n1', 'stranger'])('not %s', (id) => {
    const mesh = formedMesh(3);
    expect(effectsOf(mesh, 'n0', forget(id))).toEqual([]);
    mesh.run(2_000);
    expect(mesh.agreed()).toBe(true);
  });

  it('not one under suspicion', () => {
    const mesh = formedMesh(3);
    mesh.pause('n2');
    expect(mesh.runUntil(() => mesh.state('n0', 'n2') === 'SUSPECTED_DEAD', 9_000)).toBeDefined();
    expect(effectsOf(mesh, 'n0', forget('n2'))).toEqual([]);
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
  });

  it('not a live one whom a peer calls forgotten: it answers', () => {
    const mesh = formedMesh(3);
    mesh.run(1_000);
    const held = mesh.core('n0').record(nodeId('n2'));
    if (held === undefined) throw new Error('n0 does not know n2');
    mesh.poke('n0', pushed([held.accused('DEAD').forgottenByAll()], 'n1'));
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
    expect(mesh.runUntil(() => mesh.agreed(), 2_000)).toBeDefined();
  });
});

describe('a bootstrap address added at run time', () => {
  it('is tried at once by a node alone', () => {
    const mesh = new VirtualMesh();
    mesh.start('a');
    mesh.start('b');
    mesh.run(10_000);
    mesh.poke('a', join('b:1'));
    mesh.run(20);
    expect(mesh.agreed()).toBe(true);
  });

  it('is tried at once in company, and the two meshes are one', () => {
    const mesh = formedMesh(3);
    mesh.start('x');
    mesh.start('y', { join: ['x:1'] });
    mesh.run(5_000);
    mesh.poke('n1', join('y:1'));
    mesh.run(20);
    expect(mesh.state('n1', 'x')).toBe('HEALTHY');
    expect(mesh.runUntil(() => mesh.agreed(), 1_000)).toBeDefined();
  });

  it('is tried again until somebody answers', () => {
    const mesh = new VirtualMesh();
    mesh.start('a');
    mesh.poke('a', join('b:1'));
    mesh.run(10_000);
    expect(mesh.events('a').filter(({ kind }) => kind === 'joinFailed').length).toBeGreaterThan(1);
    expect(mesh.standing('a').waitingFor).toEqual(['b:1']);
    mesh.start('b');
    expect(mesh.runUntil(() => mesh.agreed(), 6_000)).toBeDefined();
  });

  it('that is known already changes nothing', () => {
    const mesh = formedMesh(2);
    mesh.run(1_000);
    expect(effectsOf(mesh, 'n1', join('n0:1'))).toEqual([]);
  });

  it('is not looked for by a node that is leaving', () => {
    const mesh = formedMesh(2);
    mesh.leave('n1');
    expect(effectsOf(mesh, 'n1', join('x:1'))).toEqual([]);
  });
});

describe('the goodbye of a stranger', () => {
  const life = { id: 'passer-by', version: 5 };
  const goodbye = recordOf({ ...life, version: 6, state: 'DEAD', left: true });

  it('shows nothing, and keeps older news of him from bringing him in', () => {
    const mesh = formedMesh(3);
    mesh.poke('n0', pushed([goodbye], 'passer-by'));
    mesh.poke('n0', pushed([recordOf(life)], 'n1'));
    expect(mesh.shown('n0', 'passer-by')).toBeUndefined();
    expect(mesh.core('n0').tombstoneCount).toBe(1);
    mesh.poke('n0', pushed([recordOf({ ...life, version: 7 })], 'passer-by'));
    expect(mesh.state('n0', 'passer-by')).toBe('HEALTHY');
  });

  it.each(SEEDS)('is passed on at once to those who know him (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.run(600);
    mesh.poke('n3', pushed([recordOf(life)], 'passer-by'));
    mesh.poke('n0', pushed([goodbye], 'passer-by'));
    mesh.run(200);
    for (const name of mesh.ids()) expect([undefined, 'DEAD']).toContain(mesh.state(name, 'passer-by'));
  });

  it.each([
    ['told by somebody else', goodbye, 'n1'],
    ['that is no goodbye', recordOf({ ...life, state: 'DEAD' }), 'passer-by'],
  ])('%s leaves no trace', (_, record, source) => {
    const mesh = formedMesh(3);
    mesh.poke('n0', pushed([record], source));
    expect(mesh.core('n0').tombstoneCount).toBe(0);
    mesh.run(1_000);
    expect(mesh.agreed()).toBe(true);
  });
});
