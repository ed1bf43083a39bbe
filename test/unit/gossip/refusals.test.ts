import { describe, expect, it } from 'vitest';
import type { Input } from '../../../src/gossip/input.ts';
import { diffFrom, effectsOf, greeted, pushed } from '../../helpers/inputs.ts';
import { recordOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, VirtualMesh } from '../../helpers/virtual-mesh.ts';

const DAY = 24 * 3_600_000;

describe('another mesh', () => {
  it.each([1, 2])('is refused, and nothing crosses in either direction (seed %i)', (seed) => {
    const mesh = new VirtualMesh(seed);
    let refused = 0;
    mesh.watch = (_name, effect) => {
      if (effect.kind === 'refuse') refused += 1;
    };
    mesh.start('red', { config: { mesh: 'red' }, join: ['blue:1'] });
    mesh.start('blue', { config: { mesh: 'blue' }, join: ['red:1'] });
    mesh.run(60_000);
    expect(refused).toBeGreaterThan(0);
    expect(mesh.members('red').map(({ id }) => id)).toEqual(['red']);
    expect(mesh.members('blue').map(({ id }) => id)).toEqual(['blue']);
    expect(mesh.events('red').some(({ kind }) => kind === 'messageRefused')).toBe(true);
  });

  it('is refused by name in each call, and its records are not used', () => {
    const mesh = formedMesh(1);
    for (const input of [
      greeted('peer', { mesh: 'other' }, 5),
      { ...pushed([recordOf()], 'peer', 'other'), call: 5 },
    ]) {
      expect(effectsOf(mesh, 'n0', input)).toEqual([
        expect.objectContaining({
          kind: 'event',
          event: expect.objectContaining({ reason: 'wrong_mesh', source: 'peer' }),
        }),
        expect.objectContaining({ kind: 'refuse', call: 5, reason: 'wrong_mesh' }),
      ]);
    }
    expect(mesh.members('n0').length).toBe(1);
  });

  it('that answers at a member’s old address lets the member die', () => {
    const mesh = formedMesh(3, 1);
    mesh.kill('n2');
    mesh.start('foreign', { address: 'n2:1', config: { mesh: 'foreign' } });
    expect(mesh.runUntil(() => mesh.state('n0', 'n2') === 'DEAD', 16_000)).toBeDefined();
    expect(mesh.members('foreign').length).toBe(1);
  });

  it('is not that of a peer that does not know the field and speaks to the default mesh', () => {
    const mesh = formedMesh(1);
    mesh.poke('n0', pushed([recordOf({ id: 'old', version: EPOCH })], 'peer', ''));
    expect(mesh.state('n0', 'old')).toBe('HEALTHY');
    const named = new VirtualMesh();
    named.start('a', { config: { mesh: 'prod' } });
    named.poke('a', pushed([recordOf({ id: 'old', version: EPOCH })], 'peer', ''));
    expect(named.shown('a', 'old')).toBeUndefined();
  });
});

describe('a record', () => {
  it('too far ahead of the clock is dropped by itself, and told of', () => {
    const mesh = formedMesh(1);
    const now = EPOCH + mesh.now;
    const effects = effectsOf(
      mesh,
      'n0',
      pushed([
        recordOf({ id: 'liar', version: now + DAY + 1 }),
        recordOf({ id: 'fast', version: now + DAY }),
        recordOf({ id: 'other', version: now }),
      ]),
    );
    expect(mesh.members('n0').map(({ id }) => id)).toEqual(['fast', 'n0', 'other']);
    expect(effects).toContainEqual({
      kind: 'event',
      event: { kind: 'recordRefused', reason: 'version_ahead', source: 'peer', id: 'liar' },
    });
  });

  it('too far ahead does not touch what is held', () => {
    const mesh = formedMesh(1);
    const now = EPOCH + mesh.now;
    mesh.poke('n0', pushed([recordOf({ id: 'm', version: now })]));
    const revision = mesh.core('n0').revision;
    mesh.poke('n0', pushed([recordOf({ id: 'm', version: now + 2 * DAY, metadata: 'lies' })]));
    mesh.poke('n0', pushed([recordOf({ id: 'm', version: now + 2 * DAY, state: 'DEAD', left: true })]));
    expect([mesh.text('n0', 'm'), mesh.state('n0', 'm'), mesh.core('n0').revision]).toEqual(['m', 'HEALTHY', revision]);
  });
});

describe('more members than there may be', () => {
  const config = { maxMembers: 3 };

  it('are refused one by one, while news of those known still comes in', () => {
    const mesh = formedMesh(1, 1, config);
    const version = EPOCH + mesh.now;
    const many = ['m1', 'm2', 'm3', 'm4'].map((id) => recordOf({ id, version }));
    const effects = effectsOf(
      mesh,
      'n0',
      pushed([...many, recordOf({ id: 'm1', version: version + 1, metadata: 'new' })]),
    );
    expect(mesh.members('n0').map(({ id }) => id)).toEqual(['m1', 'm2', 'n0']);
    expect(mesh.text('n0', 'm1')).toBe('new');
    const refused = effects.flatMap((effect) =>
      effect.kind === 'event' && effect.event.kind === 'recordRefused' ? [effect.event.id] : [],
    );
    expect(refused).toEqual(['m3', 'm4']);
  });

  it('are refused among those who come back from the dead too', () => {
    const mesh = formedMesh(1, 1, config);
    const version = EPOCH + mesh.now;
    mesh.poke(
      'n0',
      pushed([recordOf({ id: 'm1', version }), recordOf({ id: 'm1', version, state: 'DEAD', left: true })]),
    );
    mesh.run(61_000);
    expect(mesh.core('n0').tombstoneCount).toBe(1);
    mesh.poke('n0', pushed(['m2', 'm3'].map((id) => recordOf({ id, version }))));
    mesh.poke('n0', pushed([recordOf({ id: 'm1', version: version + 1 })]));
    expect(mesh.members('n0').map(({ id }) => id)).toEqual(['m2', 'm3', 'n0']);
  });

  it('have room again when somebody has gone', () => {
    const mesh = formedMesh(1, 1, config);
    const version = EPOCH + mesh.now;
    mesh.poke('n0', pushed(['m1', 'm2'].map((id) => recordOf({ id, version }))));
    mesh.poke('n0', pushed([recordOf({ id: 'm1', version, state: 'DEAD', left: true })]));
    mesh.run(61_000);
    mesh.poke('n0', pushed([recordOf({ id: 'm3', version })]));
    expect(mesh.shown('n0', 'm3')).toBeDefined();
  });
});

describe('what comes out of the blue', () => {
  it('does no harm: wakes before their time, and outcomes of handshakes that nobody began', () => {
    const mesh = formedMesh(2, 1);
    const { revision, nextWakeAt } = mesh.core('n0');
    const diff = diffFrom('n1', { delta: [recordOf({ version: EPOCH })] });
    const inputs: readonly Input[] = [
      { kind: 'wake' },
      { kind: 'heartbeatAnswered', exchange: 99_999, message: diff },
      { kind: 'diffAnswered', exchange: 99_999, message: diff },
      { kind: 'exchangeFailed', exchange: 99_999, reason: 'timeout' },
      { kind: 'resolved', target: 'nowhere:1', addresses: ['somewhere:1'] },
    ];
    for (const input of inputs) expect(effectsOf(mesh, 'n0', input)).toEqual([]);
    expect(mesh.core('n0').revision).toBe(revision);
    expect(mesh.core('n0').nextWakeAt).toBe(nextWakeAt);
  });

  it('does no harm when an outcome comes twice', () => {
    const mesh = formedMesh(2, 1);
    const begun: number[] = [];
    mesh.watch = (name, effect) => {
      if (name === 'n0' && effect.kind === 'sendHeartbeat') begun.push(effect.exchange);
    };
    mesh.run(3_000);
    expect(begun.length).toBeGreaterThan(1);
    for (const exchange of begun) {
      for (let time = 0; time < 20; time += 1)
        mesh.poke('n0', { kind: 'exchangeFailed', exchange, reason: 'unreachable' });
    }
    mesh.run(10_000);
    expect(mesh.state('n0', 'n1')).toBe('HEALTHY');
  });
});
