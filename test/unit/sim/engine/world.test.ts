import { describe, expect, it } from 'vitest';
import { LAN, type LatencyModel } from '../../../../sim/engine/latency.ts';
import { EPOCH } from '../../../../sim/engine/node-clock.ts';
import { directTransport, wireTransport } from '../../../../sim/engine/transport.ts';
import type { Step, World } from '../../../../sim/engine/world.ts';
import { shownBy, startNodes, stepsOf, type TestWorld, worldOf } from '../../../helpers/sim-world.ts';

/** Exactly 10 ms one way, so that times can be told. */
const EXACT: LatencyModel = { name: 'exact', regions: ['here'], between: () => ({ base: 10, jitter: 0 }) };

/** Written down once, from the run itself. It changes with the protocol, the engine and the generator of random numbers. */
const PINNED = { hash: '200c1fc264a00bfb', events: 1_370 };

/** Six nodes, of which one crashes and comes back, one is stopped for a while, and some packets are lost. */
function eventfulRun(options: TestWorld): World {
  const world = worldOf(options);
  startNodes(world, 6, { drift: 0.0001 });
  world.at(5_000, () => world.crash('n3'));
  world.at(7_000, () => world.pause('n4'));
  world.at(9_500, () => world.resume('n4'));
  world.at(12_000, () => world.start('n3'));
  world.at(13_000, () =>
    world.changeNetwork((network) => {
      network.conditions = { loss: 0.1, hosts: new Set(), duplication: 0.2 };
    }),
  );
  world.runUntil(30_000);
  return world;
}

/** When the first heartbeat of a newcomer arrives at the node that it joins by. */
function firstArrival(prepare: (world: World) => void): number | undefined {
  const world = worldOf({ latency: EXACT });
  world.addHost('n0');
  world.addHost('n1', { join: ['n0:7946'] });
  world.start('n0');
  prepare(world);
  const steps = stepsOf(world);
  world.start('n1');
  world.runUntil(900);
  return steps.find((step) => step.host.name === 'n0' && step.input.kind === 'heartbeatReceived')?.at;
}

/** Why the handshakes with a crashed n1 failed at n0, and how long each took. */
function failures(withMachine: boolean): ReadonlySet<string> {
  const world = worldOf({ latency: EXACT });
  startNodes(world, 2);
  world.runUntil(5_000);
  world.crash('n1', withMachine);
  const steps = stepsOf(world);
  world.runUntil(9_000);
  return new Set(steps.flatMap(({ input }) => (input.kind === 'exchangeFailed' ? [input.reason] : [])));
}

const hashOf = (options: TestWorld): string => eventfulRun(options).trace.hash;
const kinds = (steps: readonly Step[], host: string): readonly string[] =>
  steps.filter((step) => step.host.name === host).map((step) => step.input.kind);

/** Seventy nodes that know each other. */
function formed(transport = directTransport): World {
  const world = worldOf({ transport });
  for (let index = 0; index < 70; index += 1) world.addHost(`n${index}`, { clockAhead: index });
  world.startFormed();
  return world;
}

/** The members that came to be shown in another way, and how. */
function changesIn(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ effects }) =>
    effects.flatMap((effect) =>
      effect.kind === 'event' && effect.event.kind === 'memberChanged' ? [`${effect.event.id} ${effect.event.to}`] : [],
    ),
  );
}

describe('a run', () => {
  it('is the same to the last event with the same seed, and another with another', () => {
    expect(hashOf({ seed: 7 })).toBe(hashOf({ seed: 7 }));
    expect(hashOf({ seed: 7 })).not.toBe(hashOf({ seed: 8 }));
  });

  it('is the same on every machine and with every version of Node', () => {
    const world = eventfulRun({ seed: 7, transport: wireTransport });
    expect({ hash: world.trace.hash, events: world.trace.events }).toEqual(PINNED);
  });

  it('ends at the time it is told, not before', () => {
    const world = worldOf();
    startNodes(world, 2);
    world.runUntil(4_321);
    expect(world.now).toBe(4_321);
  });

  it('does planned actions in the order of their times, and at one time in the order they were planned', () => {
    const world = worldOf();
    const done: string[] = [];
    world.at(20, () => done.push('b'));
    world.at(20, () => done.push('c'));
    world.at(10, () => {
      done.push('a');
      world.at(0, () => done.push('late'));
    });
    world.runUntil(30);
    expect(done).toEqual(['a', 'late', 'b', 'c']);
  });
});

describe('a mesh', () => {
  it('forms, through the production codec too', () => {
    for (const transport of [wireTransport, directTransport]) {
      const world = worldOf({ transport });
      startNodes(world, 5);
      world.runUntil(6_000);
      for (const observer of world.hosts.keys()) {
        for (const member of world.hosts.keys()) expect(shownBy(world, observer, member)).toBe('HEALTHY');
      }
    }
  });

  it('takes versions from the wall clocks of its hosts', () => {
    const world = worldOf();
    startNodes(world, 1, { clockAhead: 5_000 });
    world.runUntil(10);
    expect(world.host('n0').life?.core.ownVersion).toBe(EPOCH + 5_000);
  });

  it('rejoins from its disk, at a version above the former one', () => {
    const world = worldOf();
    startNodes(world, 3);
    world.runUntil(5_000);
    const former = world.host('n2').life?.core.ownVersion ?? 0;
    world.crash('n2');
    world.host('n2').clock.ahead = -3_600_000;
    world.start('n2');
    expect(world.host('n2').life?.core.ownVersion).toBe(former + 1);
    expect(world.host('n2').disk?.peers.toSorted()).toEqual(['n0:7946', 'n1:7946']);
  });

  it('resolves names, and plain addresses to themselves', () => {
    const world = worldOf();
    world.names.set('dns://mesh:7946', ['n0:7946']);
    world.addHost('n0');
    world.addHost('n1', { join: ['dns://mesh:7946'] });
    world.addHost('n2', { join: ['dns://nowhere:7946'] });
    for (const name of world.hosts.keys()) world.start(name);
    world.runUntil(3_000);
    expect(shownBy(world, 'n0', 'n1')).toBe('HEALTHY');
    expect(shownBy(world, 'n0', 'n2')).toBeUndefined();
  });
});

describe('a mesh that need not form', () => {
  it('shows everybody everywhere from the start, and stays as it is', () => {
    for (const transport of [wireTransport, directTransport]) {
      const world = formed(transport);
      for (const observer of world.hosts.values()) {
        const views = observer.life?.core.members(observer.clock.read(0).wall) ?? [];
        expect(views.map(({ id, state }) => `${id} ${state}`)).toEqual(
          [...world.hosts.keys()].toSorted().map((id) => `${id} HEALTHY`),
        );
      }
      const steps = stepsOf(world);
      world.runUntil(20_000);
      expect(changesIn(steps)).toEqual([]);
      expect(new Set(steps.map(({ input }) => input.kind))).toEqual(
        new Set(['wake', 'heartbeatReceived', 'heartbeatAnswered']),
      );
    }
  });

  it('has seen nobody since its start with whom it has not spoken', () => {
    const world = formed();
    world.runUntil(400);
    const views = world.host('n5').life?.core.members(world.host('n5').clock.read(400).wall) ?? [];
    const seen = views.filter(({ isLocal }) => !isLocal).map(({ lastSeen }) => lastSeen);
    expect(seen).toHaveLength(69);
    expect(seen.filter((at) => at === EPOCH + 5).length).toBeGreaterThan(50);
  });

  it('hears of updates, of a crash, and of a leave, as others do', () => {
    const world = formed();
    world.runUntil(3_000);
    world.relabel('n7');
    world.runUntil(4_000);
    const version = world.host('n7').life?.core.ownVersion;
    for (const { life } of world.hosts.values()) {
      expect(life?.core.record(world.host('n7').id)?.version).toBe(version);
    }
    world.crash('n8', true);
    world.leave('n9');
    world.runUntil(20_000);
    for (const observer of world.live()) {
      expect([...world.hosts.keys()].filter((name) => shownBy(world, observer.name, name) !== 'HEALTHY')).toEqual([
        'n8',
        'n9',
      ]);
    }
  });

  it('keeps apart what its nodes learn', () => {
    const world = formed();
    const { id } = world.host('n7');
    const before = world.host('n3').life?.core.record(id);
    expect(before).toBeDefined();
    expect(world.host('n8').life?.core.record(id)).toBe(before);
    world.changeNetwork((network) => {
      const others = [...world.hosts.keys()].filter((name) => name !== 'n7' && name !== 'n8');
      for (const name of others) network.cut('n7', name);
      for (const name of others) network.cut('n8', name);
    });
    world.relabel('n7');
    world.runUntil(3_000);
    // The next in the ring is told.
    expect(world.host('n8').life?.core.record(id)?.version).toBe(world.host('n7').life?.core.ownVersion);
    expect(world.host('n3').life?.core.record(id)).toBe(before);
  });
});

describe('a connection', () => {
  it('takes a round trip to open, before the first message goes', () => {
    // One millisecond to resolve the name, 20 for the connection, 10 for the message.
    expect(firstArrival(() => undefined)).toBe(31);
  });

  it('does not come about when the way back is cut', () => {
    expect(firstArrival((world) => world.changeNetwork((network) => network.cut('n0', 'n1')))).toBeUndefined();
  });

  it('is opened once and used again, until the other side has a new life', () => {
    const world = worldOf({ latency: EXACT });
    startNodes(world, 2);
    world.runUntil(5_000);
    const before = world.host('n1').life?.connections.get('n0:7946');
    expect(before).toBe(world.host('n0').life);
    world.crash('n0');
    world.start('n0');
    world.runUntil(8_000);
    expect(world.host('n1').life?.connections.get('n0:7946')).toBe(world.host('n0').life);
    expect(before).not.toBe(world.host('n0').life);
  });
});

describe('a call to one who is gone', () => {
  it('is refused by its machine, or runs into its deadline when that is gone too', () => {
    expect(failures(false)).toEqual(new Set(['unreachable']));
    expect(failures(true)).toEqual(new Set(['timeout']));
  });

  it('over a new connection has one outcome: an answer that comes after the deadline is dropped', () => {
    const world = worldOf({ latency: EXACT, rpcTimeout: 15 });
    startNodes(world, 2);
    const steps = stepsOf(world);
    world.runUntil(3_000);
    expect(kinds(steps, 'n1')).toContain('exchangeFailed');
    expect(kinds(steps, 'n1')).not.toContain('heartbeatAnswered');
  });
});

describe('an answer over an open connection', () => {
  it('is taken in after the deadline too, once', () => {
    const world = worldOf({ latency: EXACT, rpcTimeout: 45 });
    startNodes(world, 2);
    world.runUntil(3_000);
    world.changeNetwork((network) => {
      network.slow('n1', 20);
      network.conditions = { loss: 0, hosts: new Set(), duplication: 1 };
    });
    const steps = stepsOf(world);
    world.runUntil(8_000);
    const own = steps.filter(({ host }) => host.name === 'n1');
    const answered = own.flatMap(({ input }) => (input.kind === 'heartbeatAnswered' ? [input.exchange] : []));
    const failed = new Set(own.flatMap(({ input }) => (input.kind === 'exchangeFailed' ? [input.exchange] : [])));
    expect(answered.length).toBeGreaterThan(2);
    expect(new Set(answered).size).toBe(answered.length);
    expect(answered.filter((exchange) => !failed.has(exchange))).toEqual([]);
    expect(shownBy(world, 'n1', 'n0')).toBe('HEALTHY');
  });
});

describe('a stopped process', () => {
  it('takes nothing in, and when it goes on: first the deadlines that have passed, then what has arrived', () => {
    const world = worldOf({ latency: LAN });
    startNodes(world, 3);
    // Stopped once while a call of its own is under way.
    let stopped = false;
    world.listen(({ host, effects }) => {
      if (stopped || world.now < 5_000 || host.name !== 'n1') return;
      stopped = effects.some((effect) => effect.kind === 'sendHeartbeat');
      if (stopped) world.pause('n1');
    });
    world.runUntil(9_000);
    expect(world.host('n1').paused).toBe(true);
    const steps = stepsOf(world);
    world.runUntil(12_000);
    expect(kinds(steps, 'n1')).toEqual([]);
    world.resume('n1');
    const taken = kinds(steps, 'n1');
    const failed = taken.filter((kind) => kind === 'exchangeFailed').length;
    expect(failed).toBeGreaterThan(0);
    expect(taken.slice(failed)).not.toContain('exchangeFailed');
    expect(taken).toContain('heartbeatReceived');
  });

  it('that is killed takes nothing in any more', () => {
    const world = worldOf();
    startNodes(world, 2);
    world.runUntil(5_000);
    world.pause('n1');
    world.runUntil(8_000);
    const steps = stepsOf(world);
    world.crash('n1');
    world.resume('n1');
    world.runUntil(9_000);
    expect(kinds(steps, 'n1')).toEqual([]);
  });

  it('is not live, nor is one that has left', () => {
    const world = worldOf();
    startNodes(world, 3);
    world.runUntil(5_000);
    world.pause('n1');
    world.leave('n2');
    world.runUntil(6_000);
    expect(world.live().map((host) => host.name)).toEqual(['n0']);
    expect(shownBy(world, 'n0', 'n2')).toBe('DEAD');
  });
});

describe('a change of the network', () => {
  it('is told, after it was made, with its time', () => {
    const world = worldOf();
    const told: boolean[] = [];
    world.listenNetwork(() => told.push(world.network.calm));
    world.at(700, () => world.changeNetwork((network) => network.cut('a', 'b')));
    world.at(900, () => world.changeNetwork((network) => network.heal()));
    world.runUntil(1_000);
    expect(told).toEqual([false, true]);
    expect(world.networkChangedAt).toBe(900);
  });
});
