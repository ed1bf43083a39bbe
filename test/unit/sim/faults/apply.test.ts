import { describe, expect, it } from 'vitest';
import type { World } from '../../../../sim/engine/world.ts';
import type { Action } from '../../../../sim/faults/action.ts';
import { apply } from '../../../../sim/faults/apply.ts';
import { shownBy, startNodes, stepsOf, worldOf } from '../../../helpers/sim-world.ts';

const join = ['n0:7946'];

/** A formed mesh of four, and how to do something to it. */
function mesh(): { readonly world: World; readonly act: (...actions: readonly Action[]) => void } {
  const world = worldOf();
  startNodes(world, 4);
  world.runUntil(5_000);
  return { world, act: (...actions) => actions.forEach((action) => apply(world, action, { join })) };
}

const hostsOf = (world: World): ReadonlySet<string> => new Set(world.hosts.keys());

/** The links over which nothing goes. */
const ways = (world: World): string =>
  [...hostsOf(world)]
    .flatMap((from) =>
      [...hostsOf(world)].filter((to) => to !== from && !world.network.reaches(from, to)).map((to) => `${from}>${to}`),
    )
    .join(' ');

describe('what is done to hosts', () => {
  it('a crash, with its machine or not', () => {
    const { world, act } = mesh();
    act({ kind: 'crash', host: 'n1', withMachine: false }, { kind: 'crash', host: 'n2', withMachine: true });
    expect(world.host('n1')).toMatchObject({ life: undefined, vanished: false });
    expect(world.host('n2')).toMatchObject({ life: undefined, vanished: true });
  });

  it('a restart with its disk, without, and with another time', () => {
    const { world, act } = mesh();
    act({ kind: 'crash', host: 'n1', withMachine: true }, { kind: 'restart', host: 'n1', disk: true });
    expect(world.host('n1').disk).toBeDefined();
    expect(world.host('n1').vanished).toBe(false);
    const before = world.host('n2').life;
    act({ kind: 'restart', host: 'n2', disk: false, clock: -3_600_000 });
    expect(world.host('n2').disk).toBeUndefined();
    expect(world.host('n2').life).not.toBe(before);
    expect(world.host('n2').clock.ahead).toBe(-3_600_000);
    expect(world.host('n2').life?.core.ownVersion).toBeLessThan(before?.core.ownVersion ?? 0);
  });

  it('a stop and a going on, new labels, a leave', () => {
    const { world, act } = mesh();
    const version = world.host('n3').life?.core.ownVersion ?? 0;
    act({ kind: 'pause', host: 'n1' }, { kind: 'relabel', host: 'n3' }, { kind: 'leave', host: 'n2' });
    expect(world.host('n1').paused).toBe(true);
    expect(world.host('n3').life?.core.ownVersion).toBeGreaterThan(version);
    world.runUntil(7_000);
    expect(shownBy(world, 'n0', 'n2')).toBe('DEAD');
    act({ kind: 'resume', host: 'n1' });
    expect(world.host('n1').paused).toBe(false);
  });

  it('nothing, where it makes no sense', () => {
    const { world, act } = mesh();
    act({ kind: 'crash', host: 'n1', withMachine: false });
    world.runUntil(6_000);
    const steps = stepsOf(world);
    for (const kind of ['pause', 'resume', 'leave', 'relabel'] as const)
      act({ kind, host: 'n1' }, { kind, host: 'nobody' });
    act(
      { kind: 'crash', host: 'n1', withMachine: true },
      { kind: 'restart', host: 'nobody', disk: true },
      { kind: 'join', host: 'n0' },
    );
    expect(steps).toEqual([]);
    expect(world.host('n1')).toMatchObject({ life: undefined, paused: false, vanished: false });
    expect(hostsOf(world)).toEqual(new Set(['n0', 'n1', 'n2', 'n3']));
  });
});

describe('newcomers', () => {
  it('join', () => {
    const { world, act } = mesh();
    act({ kind: 'join', host: 'x' });
    world.runUntil(9_000);
    expect(shownBy(world, 'n3', 'x')).toBe('HEALTHY');
  });

  it('a twin has the id of another and an address of its own, and both are told so', () => {
    const { world, act } = mesh();
    const steps = stepsOf(world);
    act({ kind: 'twin', host: 't', of: 'n1' });
    expect(world.host('t')).toMatchObject({ id: 'n1', address: 't:7946' });
    world.runUntil(90_000);
    const told = new Set(
      steps.flatMap(({ host, effects }) =>
        effects.flatMap((effect) =>
          effect.kind === 'event' && effect.event.kind === 'duplicateId' ? [host.name] : [],
        ),
      ),
    );
    expect(told).toEqual(new Set(['n1', 't']));
  });

  it('one that is not where it says calls others, and can not be called', () => {
    const { world, act } = mesh();
    const steps = stepsOf(world);
    act({ kind: 'misadvertise', host: 'm' });
    expect(world.host('m').advertised).not.toBe(world.host('m').address);
    world.runUntil(20_000);
    expect(shownBy(world, 'm', 'n2')).toBe('HEALTHY');
    expect(steps.some(({ host, input }) => host.name === 'm' && input.kind === 'heartbeatReceived')).toBe(false);
    const failed = steps.flatMap(({ host, effects }) =>
      effects.flatMap((effect) =>
        effect.kind === 'event' && effect.event.kind === 'handshakeFailed'
          ? [`${host.name} ${effect.event.reason}`]
          : [],
      ),
    );
    expect(failed).toContain('n2 timeout');
  });
});

describe('what is done to the network', () => {
  it.each<[Action, string]>([
    [{ kind: 'cut', from: 'n0', to: 'n1' }, 'n0>n1'],
    [{ kind: 'sever', host: 'n0', other: 'n1' }, 'n0>n1 n1>n0'],
    [{ kind: 'isolate', host: 'n3', way: 'in' }, 'n0>n3 n1>n3 n2>n3'],
    [{ kind: 'isolate', host: 'n3', way: 'out' }, 'n3>n0 n3>n1 n3>n2'],
    [{ kind: 'isolate', host: 'n3', way: 'both' }, 'n0>n3 n1>n3 n2>n3 n3>n0 n3>n1 n3>n2'],
    [{ kind: 'partition', groups: [['n0', 'n1', 'n2'], ['n3']] }, 'n0>n3 n1>n3 n2>n3 n3>n0 n3>n1 n3>n2'],
  ])('%j cuts %s', (action, cut) => {
    const { world, act } = mesh();
    act(action);
    expect(ways(world)).toBe(cut);
    expect(world.networkChangedAt).toBe(5_000);
    act({ kind: 'heal' });
    expect(ways(world)).toBe('');
  });

  it('loss, duplicates and slowness stand side by side', () => {
    const { world, act } = mesh();
    act(
      { kind: 'loss', share: 0.2, hosts: ['n1'] },
      { kind: 'duplicate', share: 0.5 },
      { kind: 'slow', host: 'n2', extra: 70 },
    );
    expect(world.network.conditions).toEqual({ loss: 0.2, hosts: new Set(['n1']), duplication: 0.5 });
    expect(world.network.slowness('n2')).toBe(70);
  });

  it('a request that is doubled arrives twice, and is answered once', () => {
    const { world, act } = mesh();
    act({ kind: 'duplicate', share: 1 });
    const steps = stepsOf(world);
    world.runUntil(7_000);
    const count = (kind: string): number => steps.filter(({ input }) => input.kind === kind).length;
    const sent = steps.flatMap(({ effects }) => effects.filter((effect) => effect.kind === 'sendHeartbeat')).length;
    expect(count('heartbeatAnswered')).toBeGreaterThan(0);
    expect(count('heartbeatAnswered')).toBeLessThanOrEqual(sent);
    expect(count('heartbeatReceived')).toBeGreaterThan(1.8 * count('heartbeatAnswered'));
  });
});
