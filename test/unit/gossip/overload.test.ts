import { describe, expect, it } from 'vitest';
import { nodeId } from '../../../src/base/brands.ts';
import type { Input } from '../../../src/gossip/input.ts';
import { diffFrom, doneDuring, effectsOf, only } from '../../helpers/inputs.ts';
import { recordOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, type VirtualMesh, vanish } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];

/** Runs a mesh in which `name` answers each heartbeat that it gets a while after the handshake has failed for want of it. */
function runWithLateAnswers(mesh: VirtualMesh, name: string, ms: number, lateness: number): void {
  const late: { readonly at: number; readonly by: string; readonly input: Input }[] = [];
  mesh.watch = (by, effect) => {
    if (effect.kind !== 'sendHeartbeat' || effect.address !== `${name}:1` || effect.connection !== 'pooled') return;
    const { exchange } = effect;
    late.push({ at: mesh.now + lateness, by, input: { kind: 'heartbeatAnswered', exchange, message: diffFrom(name) } });
  };
  for (let step = 0; step < ms / 100; step += 1) {
    mesh.run(100);
    while ((late[0]?.at ?? Number.POSITIVE_INFINITY) <= mesh.now) {
      const due = late.shift();
      if (due !== undefined) mesh.poke(due.by, due.input);
    }
  }
  mesh.watch = () => {};
}

/** A handshake of n0 with n1 that has failed for want of an answer. */
function failedHandshake(mesh: VirtualMesh): number {
  vanish(mesh, 'n1');
  const begun = only('sendHeartbeat', doneDuring(mesh, 3_000)).find(
    ({ by, effect }) => by === 'n0' && effect.address === 'n1:1',
  );
  if (begun === undefined) throw new Error('n0 began no handshake with n1');
  return begun.effect.exchange;
}

/** A push of n0 to n1 that has failed for want of an answer. */
function failedPush(mesh: VirtualMesh): number {
  vanish(mesh, 'n1');
  mesh.poke('n0', { kind: 'metadataChanged', metadata: Buffer.from('news') });
  const told = only('sendDiff', doneDuring(mesh, 3_000)).find(
    ({ by, effect }) => by === 'n0' && effect.address === 'n1:1',
  );
  if (told === undefined) throw new Error('n0 told n1 nothing');
  return told.effect.exchange;
}

describe('an answer that comes after its time', () => {
  it.each(SEEDS)('is a sign of life: a node too busy to answer in time is suspected by nobody (seed %i)', (seed) => {
    const mesh = formedMesh(5, seed);
    mesh.run(3_000);
    mesh.changes.length = 0;
    vanish(mesh, 'n1');
    runWithLateAnswers(mesh, 'n1', 60_000, 1_800);
    expect(mesh.changes.filter(({ observer, id }) => observer !== 'n1' && id === 'n1')).toEqual([]);
    // Not because nothing was amiss.
    expect(mesh.events('n0').some((event) => event.kind === 'handshakeFailed' && event.peer === 'n1')).toBe(true);
  });

  it('is used for what it tells', () => {
    const mesh = formedMesh(3);
    const exchange = failedHandshake(mesh);
    const message = diffFrom('n1', { delta: [recordOf({ id: 'm', version: EPOCH })] });
    mesh.poke('n0', { kind: 'heartbeatAnswered', exchange, message });
    expect(mesh.state('n0', 'm')).toBe('HEALTHY');
  });

  it('goes no further, and the handshake stays failed', () => {
    const mesh = formedMesh(3);
    const exchange = failedHandshake(mesh);
    const effects = effectsOf(mesh, 'n0', { kind: 'heartbeatAnswered', exchange, message: diffFrom('n1') });
    expect(effects).toEqual([]);
  });

  it('to news is a sign of life and is used as well', () => {
    const mesh = formedMesh(3);
    const exchange = failedPush(mesh);
    const lastSeen = mesh.shown('n0', 'n1')?.lastSeen ?? Number.NaN;
    const message = { source: nodeId('n1'), mesh: 'default', delta: [recordOf({ id: 'm', version: EPOCH })] };
    expect(effectsOf(mesh, 'n0', { kind: 'diffAnswered', exchange, message: { ...message, mesh: 'other' } })).toEqual(
      [],
    );
    expect(mesh.state('n0', 'm')).toBeUndefined();
    mesh.poke('n0', { kind: 'diffAnswered', exchange, message });
    expect(mesh.state('n0', 'm')).toBe('HEALTHY');
    expect(mesh.shown('n0', 'n1')?.lastSeen).toBeGreaterThan(lastSeen);
  });

  it('is nothing when it comes from another mesh', () => {
    const mesh = formedMesh(3);
    const exchange = failedHandshake(mesh);
    const delta = [recordOf({ id: 'm', version: EPOCH })];
    mesh.poke('n0', { kind: 'heartbeatAnswered', exchange, message: { ...diffFrom('n1', { delta }), mesh: 'other' } });
    expect(mesh.state('n0', 'm')).toBeUndefined();
  });
});

/** Stops a node from a moment before a cycle of its own is due until some time after it. */
function delayCycle(mesh: VirtualMesh, late: number, name = 'n0'): void {
  mesh.run(mesh.core(name).nextWakeAt - mesh.now - 1);
  mesh.pause(name);
  mesh.run(1 + late);
}

/** Lets a node go on, and tells how many others it asks within a while. */
function askedAfter(mesh: VirtualMesh, ms: number, name = 'n0'): number {
  let asked = 0;
  mesh.watch = (by, effect) => {
    if (by === name && effect.kind === 'sendProbe') asked += 1;
  };
  mesh.resume(name);
  mesh.run(ms);
  mesh.watch = () => {};
  return asked;
}

describe('a cycle', () => {
  it('is late half an interval after its time, and not before', () => {
    for (const [late, expected] of [
      [450, 0],
      [550, 1],
    ] as const) {
      const mesh = formedMesh(5);
      mesh.run(5_000);
      delayCycle(mesh, late);
      mesh.resume('n0');
      mesh.run(100);
      expect(mesh.events('n0').filter(({ kind }) => kind === 'lateCycle')).toHaveLength(expected);
    }
  });

  it('that is late has nobody ask others about those whom it contacts', () => {
    const mesh = formedMesh(5);
    mesh.run(5_000);
    vanish(mesh, 'n4');
    const asked = (ms: number): number =>
      only('sendProbe', doneDuring(mesh, ms)).filter(({ by }) => by === 'n0').length;
    expect(asked(4_000)).toBeGreaterThan(0);
    delayCycle(mesh, 700);
    expect(askedAfter(mesh, 900)).toBe(0);
    // The next cycle is in time, and looks again.
    expect(asked(1_500)).toBeGreaterThan(0);
  });

  it.each([
    [300, true],
    [700, false],
  ])(
    'that begins %i ms after its time contacts more than it would in peace while somebody fails: %s',
    (late, expected) => {
      const mesh = formedMesh(10);
      mesh.run(5_000);
      vanish(mesh, 'n4');
      mesh.run(3_500);
      // n3 comes before n4 in the ring.
      delayCycle(mesh, late, 'n3');
      const contacts: string[] = [];
      mesh.watch = (by, effect) => {
        if (by === 'n3' && effect.kind === 'sendHeartbeat' && effect.connection === 'pooled')
          contacts.push(effect.address);
      };
      mesh.resume('n3');
      mesh.run(200);
      mesh.watch = () => {};
      expect(contacts.length > 3).toBe(expected);
    },
  );

  it.each([
    [300, true],
    [700, false],
  ])('that begins %i ms after its time has others asked about who failed before it: %s', (late, expected) => {
    const mesh = formedMesh(5);
    mesh.run(10_000);
    // n4 comes after n3 in the ring, so n3 contacts it in the cycle that is due now.
    vanish(mesh, 'n4');
    mesh.run(mesh.core('n3').nextWakeAt - mesh.now + 1);
    delayCycle(mesh, late, 'n3');
    expect(askedAfter(mesh, 100, 'n3') > 0).toBe(expected);
  });
});
