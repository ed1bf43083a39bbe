import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../src/base/brands.ts';
import type { Effect } from '../../../src/gossip/effect.ts';
import type { Input } from '../../../src/gossip/input.ts';
import { doneDuring, effectsOf, only } from '../../helpers/inputs.ts';
import { formedMesh, type VirtualMesh } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];

/** Nothing passes between two nodes, either way. */
function cut(mesh: VirtualMesh, a: string, b: string): void {
  const ends = new Set([`${a}:1`, `${b}:1`]);
  mesh.reaches = (from, to) => !(ends.has(from) && ends.has(to));
}

function reachability(mesh: VirtualMesh, observer: string, id: string): string | undefined {
  return mesh.shown(observer, id)?.reachability;
}

function asks(target: string, call: number, source = 'n1'): Input {
  return { kind: 'probeReceived', call, message: { source: nodeId(source), mesh: 'default', target: nodeId(target) } };
}

function answers(effects: readonly Effect[]): readonly (readonly [call: number, reached: boolean])[] {
  return effects.flatMap((effect) =>
    effect.kind === 'answerProbe' ? [[effect.call, effect.message.reached] as const] : [],
  );
}

describe('a link that is cut both ways', () => {
  it.each(SEEDS)(
    'between two of five changes nobody’s state, and the two see each other through others (seed %i)',
    (seed) => {
      const mesh = formedMesh(5, seed);
      mesh.run(3_000);
      mesh.changes.length = 0;
      cut(mesh, 'n1', 'n2');
      mesh.run(60_000);
      expect(mesh.changes).toEqual([]);
      expect([reachability(mesh, 'n1', 'n2'), reachability(mesh, 'n2', 'n1')]).toEqual(['indirect', 'indirect']);
      for (const name of ['n0', 'n3', 'n4']) {
        expect(mesh.members(name).map((member) => member.reachability)).not.toContain('indirect');
      }
      mesh.reaches = () => true;
      const direct = (): boolean =>
        reachability(mesh, 'n1', 'n2') === 'direct' && reachability(mesh, 'n2', 'n1') === 'direct';
      expect(mesh.runUntil(direct, 3_000)).toBeDefined();
      expect(mesh.changes).toEqual([]);
    },
  );

  it.each(SEEDS)(
    'in peace shows at both ends within a few cycles where they are next to each other in the ring (seed %i)',
    (seed) => {
      const mesh = formedMesh(10, seed);
      mesh.run(20_000);
      cut(mesh, 'n1', 'n2');
      mesh.run(5_000);
      expect([reachability(mesh, 'n1', 'n2'), reachability(mesh, 'n2', 'n1')]).toEqual(['indirect', 'indirect']);
    },
  );

  it.each(SEEDS)('does not hide that one end of it dies (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    cut(mesh, 'n1', 'n2');
    mesh.run(30_000);
    mesh.kill('n2');
    const known = (): boolean => mesh.ids().every((name) => mesh.state(name, 'n2') === 'DEAD');
    expect(mesh.runUntil(known, 14_000)).toBeDefined();
  });

  it.each(SEEDS)('counts as before where the others do not know the call (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.run(3_000);
    cut(mesh, 'n1', 'n2');
    mesh.watch = (name, effect) => {
      if (effect.kind !== 'sendProbe') return;
      mesh.poke(name, { kind: 'exchangeFailed', exchange: effect.exchange, reason: 'refused' });
    };
    mesh.run(10_000);
    expect(mesh.changes.some(({ observer, to }) => observer === 'n1' && to === 'SUSPECTED_DEAD')).toBe(true);
    expect(reachability(mesh, 'n1', 'n2')).toBe('direct');
    const results = mesh.events('n1').flatMap((event) => (event.kind === 'probed' ? [event.result] : []));
    expect(new Set(results)).toEqual(new Set(['unanswered']));
  });
});

describe('a death', () => {
  it.each(SEEDS)('is found out as fast as without helpers (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.run(3_000);
    mesh.kill('n4');
    const known = (): boolean => mesh.ids().every((name) => mesh.state(name, 'n4') === 'DEAD');
    expect(mesh.runUntil(known, 13_000)).toBeDefined();
  });

  it.each(SEEDS)('in a mesh of two is found out with nobody to ask (seed %i)', (seed) => {
    const mesh = formedMesh(2, seed);
    mesh.run(3_000);
    mesh.kill('n1');
    const probes = only('sendProbe', doneDuring(mesh, 12_000));
    expect(probes).toEqual([]);
    expect(mesh.state('n0', 'n1')).toBe('DEAD');
  });

  it('is asked about no more often than the gossip factor says, each cycle', () => {
    const mesh = formedMesh(10, 1);
    mesh.run(3_000);
    mesh.kill('n9');
    const done = doneDuring(mesh, 5_000);
    // The one before it in the ring contacts it in every cycle.
    const byBefore = only('sendProbe', done).filter(({ by }) => by === 'n8');
    expect(byBefore.length).toBeGreaterThan(0);
    expect(byBefore.length).toBeLessThanOrEqual(3 * 6);
    for (const { effect } of byBefore) expect(effect.address).not.toBe('n9:1');
  });
});

describe('a helper', () => {
  it('says no about a stranger and calls nobody', () => {
    const mesh = formedMesh(3);
    const effects = effectsOf(mesh, 'n0', asks('stranger', 5));
    expect(answers(effects)).toEqual([[5, false]]);
    expect(effects.map(({ kind }) => kind)).toEqual(['answerProbe']);
  });

  it('says yes about itself and calls nobody', () => {
    const effects = effectsOf(formedMesh(3), 'n0', asks('n0', 5));
    expect(answers(effects)).toEqual([[5, true]]);
    expect(effects.map(({ kind }) => kind)).toEqual(['answerProbe']);
  });

  it('refuses another mesh and calls nobody', () => {
    const mesh = formedMesh(3);
    const question = { source: nodeId('n1'), mesh: 'other', target: nodeId('n2') };
    const effects = effectsOf(mesh, 'n0', { kind: 'probeReceived', call: 5, message: question });
    expect(effects.filter(({ kind }) => kind !== 'event')).toMatchObject([{ kind: 'refuse', reason: 'wrong_mesh' }]);
  });

  it('calls the address that it holds, and says what came of it', () => {
    const mesh = formedMesh(3);
    mesh.run(3_000);
    const effects = effectsOf(mesh, 'n0', asks('n2', 5));
    expect(effects.filter(({ kind }) => kind !== 'event')).toMatchObject([
      { kind: 'sendHeartbeat', address: 'n2:1', connection: 'pooled' },
    ]);
    const answered = only('answerProbe', doneDuring(mesh, 100)).filter(({ by }) => by === 'n0');
    expect(answers(answered.map(({ effect }) => effect))).toEqual([[5, true]]);
  });

  it('says no about one that does not answer, and about one that is somebody else now', () => {
    const mesh = formedMesh(3);
    mesh.run(3_000);
    mesh.kill('n2');
    const asked = (call: number): readonly boolean[] => {
      mesh.poke('n0', asks('n2', call));
      const answered = answers(only('answerProbe', doneDuring(mesh, 50)).map(({ effect }) => effect));
      return answered.flatMap(([to, reached]) => (to === call ? [reached] : []));
    };
    expect(asked(-5)).toEqual([false]);
    mesh.start('other', { address: 'n2:1' });
    expect(asked(-6)).toEqual([false]);
  });

  it('looks once for all who ask meanwhile, for 64 of them at the most', () => {
    const mesh = formedMesh(3);
    mesh.run(3_000);
    const calls = Array.from({ length: 66 }, (_, index) => 100 + index);
    const effects = calls.flatMap((call) => effectsOf(mesh, 'n0', asks('n2', call)));
    expect(effects.filter(({ kind }) => kind === 'sendHeartbeat').length).toBe(1);
    expect(answers(effects)).toEqual([
      [164, false],
      [165, false],
    ]);
    const answered = only('answerProbe', doneDuring(mesh, 100)).filter(({ by }) => by === 'n0');
    expect(answers(answered.map(({ effect }) => effect))).toEqual(calls.slice(0, 64).map((call) => [call, true]));
    expect(effectsOf(mesh, 'n0', asks('n2', 200)).some(({ kind }) => kind === 'sendHeartbeat')).toBe(true);
  });
});
