import { describe, expect, it } from 'vitest';
import { LAN } from '../../../../sim/engine/latency.ts';
import { directTransport } from '../../../../sim/engine/transport.ts';
import { World } from '../../../../sim/engine/world.ts';
import { Meter } from '../../../../sim/measure/meter.ts';
import { Scale } from '../../../../sim/measure/scale.ts';
import type { GossipConfig } from '../../../../src/gossip/config.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../../../../src/gossip/config.ts';
import { compareRecords } from '../../../../src/store/record.ts';

const SECOND = 1_000;

interface Options {
  readonly nodes: number;
  readonly seed?: number;
  readonly config?: Partial<GossipConfig>;
  readonly scale?: Scale;
}

/** Hosts n0, n1, … that all start at once. */
function meshOf({ nodes, seed = 1, config = {}, scale }: Options): World {
  const transport = scale ?? directTransport;
  const world = new World({ seed, config: { ...DEFAULT_GOSSIP_CONFIG, ...config }, latency: LAN, transport });
  for (let number = 0; number < nodes; number += 1) {
    const name = `n${number}`;
    world.addHost(name, { join: number === 0 ? [] : ['n0:7946'] });
    world.at(0, () => world.start(name));
  }
  return world;
}

function measured(options: Options): { readonly world: World; readonly meter: Meter } {
  const world = meshOf(options);
  return {
    world,
    meter: new Meter(world, {
      seed: options.seed ?? 1,
      scenario: 'test',
      ...(options.scale && { scale: options.scale }),
    }),
  };
}

/** Asks every node about every other: what the meter must find without asking. */
function agrees(world: World): boolean {
  const live = world.live();
  return live.every((observer) =>
    live.every((member) => {
      if (observer === member) return true;
      const held = observer.life?.core.record(member.id);
      const own = member.life?.core.record(member.id);
      if (held === undefined || own === undefined) return false;
      return observer.life?.core.shown(member.id) === 'HEALTHY' && compareRecords(held, own) === 0;
    }),
  );
}

/** When all nodes first agreed at or after a time, found the hard way. */
function firstAgreement(world: World, after: number): { at: number | undefined } {
  const found: { at: number | undefined } = { at: undefined };
  world.listen(({ at }) => {
    if (found.at === undefined && at >= after && agrees(world)) found.at = at;
  });
  return found;
}

function halves(world: World): readonly (readonly string[])[] {
  const names = [...world.hosts.keys()];
  return [names.slice(0, names.length / 2), names.slice(names.length / 2)];
}

describe('a meter', () => {
  it('does not change the run', () => {
    const alone = meshOf({ nodes: 6 });
    const { world, meter } = measured({ nodes: 6 });
    for (const each of [alone, world]) {
      each.at(4 * SECOND, () => each.crash('n3'));
      each.runUntil(20 * SECOND);
    }
    const data = meter.finish();
    expect(data.traceHash).toBe(alone.trace.hash);
    expect(data.events).toBe(alone.trace.events);
    expect(data.durationMs).toBe(20 * SECOND);
  });

  it('gives data that survive JSON', () => {
    const { world, meter } = measured({ nodes: 5 });
    world.at(5 * SECOND, () => world.relabel('n1'));
    world.at(6 * SECOND, () => world.crash('n2'));
    world.runUntil(20 * SECOND);
    const data = meter.finish();
    expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
    expect(data).toMatchObject({
      scenario: 'test',
      seed: 1,
      nodes: 5,
      protocol: { gossipFactor: 3, deadThreshold: 10 },
    });
    expect(data.nodeHours).toBeCloseTo((4 * 20 + 6) / 3_600, 5);
  });
});

describe('updates', () => {
  it('are followed to every live node', () => {
    const { world, meter } = measured({ nodes: 12, config: { gossipFactor: 1 } });
    const heard = new Map<string, number>();
    world.at(10 * SECOND, () => {
      world.listen(({ at, host, life }) => {
        const held = life.core.record(world.host('n4').id)?.version ?? 0;
        if (host.name !== 'n4' && held >= changed && !heard.has(host.name)) heard.set(host.name, at - 10 * SECOND);
      });
      world.relabel('n4');
      const changed = world.host('n4').life?.core.ownVersion ?? 0;
    });
    world.runUntil(25 * SECOND);
    const [update, ...others] = meter.finish().updates;
    expect(others).toEqual([]);
    expect(update).toMatchObject({ member: 'n4', kind: 'relabel', at: 10 * SECOND, audience: 11, missed: 0 });
    const expected = [...heard].toSorted(([, a], [, b]) => a - b);
    expect(update?.heardMs).toHaveLength(11);
    for (const [at, ms] of (update?.heardMs ?? []).entries())
      expect(ms).toBeCloseTo(expected[at]?.[1] ?? Number.NaN, 1);
    expect(update?.last).toBe(expected.at(-1)?.[0]);
    expect(update?.spread?.max).toBe(update?.heardMs.at(-1));
  });

  it('reach a node with a newer version of the same member too', () => {
    const { world, meter } = measured({ nodes: 8 });
    world.at(10 * SECOND, () => world.relabel('n1'));
    world.at(10 * SECOND + 1, () => world.relabel('n1'));
    world.runUntil(20 * SECOND);
    expect(meter.finish().updates.map(({ missed }) => missed)).toEqual([0, 0]);
  });

  it('miss those that are cut off, and do not wait for those that are gone', () => {
    const { world, meter } = measured({ nodes: 4 });
    world.at(10 * SECOND, () => {
      world.changeNetwork((network) =>
        network.partition([
          ['n0', 'n1'],
          ['n2', 'n3'],
        ]),
      );
      world.relabel('n0');
    });
    world.at(11 * SECOND, () => world.crash('n3'));
    // Long enough for n2 to suspect n0 at the version that it has: that is not the new one.
    world.runUntil(30 * SECOND);
    expect(meter.finish().updates).toMatchObject([{ audience: 2, missed: 1, last: 'n1' }]);
  });

  it('include newcomers and returners, but not the nodes that form the mesh', () => {
    const { world, meter } = measured({ nodes: 5 });
    world.at(10 * SECOND, () => {
      world.addHost('late', { join: ['n0:7946'] });
      world.start('late');
    });
    world.at(15 * SECOND, () => world.crash('n1'));
    world.at(17 * SECOND, () => world.start('n1'));
    world.runUntil(25 * SECOND);
    expect(meter.finish().updates).toMatchObject([
      { member: 'late', kind: 'join', audience: 5, missed: 0 },
      { member: 'n1', kind: 'restart', audience: 5, missed: 0 },
    ]);
  });
});

describe('convergence', () => {
  it('is timed from the last start', () => {
    const { world, meter } = measured({ nodes: 9 });
    const found = firstAgreement(world, 0.5 * SECOND);
    world.at(0.5 * SECOND, () => {
      world.addHost('late', { join: ['n0:7946'] });
      world.start('late');
    });
    world.runUntil(10 * SECOND);
    const { start, heals } = meter.finish().convergence;
    expect(start).toMatchObject({ at: 0.5 * SECOND, live: 10 });
    expect(start?.tookMs).toBeCloseTo((found.at ?? 0) - 0.5 * SECOND, 1);
    expect(start?.tookMs).toBeGreaterThan(0);
    expect(heals).toEqual([]);
  });

  it.each([1, 2, 3])('is timed from a heal, over all kinds of disturbance (seed %i)', (seed) => {
    const { world, meter } = measured({ nodes: 8, seed });
    const found = firstAgreement(world, 40 * SECOND);
    world.at(10 * SECOND, () => world.changeNetwork((network) => network.partition(halves(world))));
    world.at(12 * SECOND, () => world.crash('n1'));
    world.at(14 * SECOND, () => world.pause('n5'));
    world.at(22 * SECOND, () => world.resume('n5'));
    world.at(24 * SECOND, () => world.relabel('n2'));
    world.at(30 * SECOND, () => world.leave('n6'));
    world.at(35 * SECOND, () => world.start('n1'));
    world.at(40 * SECOND, () => world.changeNetwork((network) => network.heal()));
    world.runUntil(90 * SECOND);
    const { convergence, incidents } = meter.finish();
    expect(convergence.heals).toMatchObject([{ at: 40 * SECOND, live: 7 }]);
    expect(convergence.heals[0]?.tookMs).toBeCloseTo((found.at ?? Number.NaN) - 40 * SECOND, 1);
    const told = incidents
      .filter(({ kind }) => kind !== 'start')
      .map(({ kind, host }) => `${kind} ${host ?? ''}`.trim());
    expect(told).toEqual(['network', 'crash n1', 'pause n5', 'resume n5', 'leave n6', 'restart n1', 'heal']);
  });

  it('is not said of a mesh that is cut until the end', () => {
    const { world, meter } = measured({ nodes: 6 });
    world.at(5 * SECOND, () => world.changeNetwork((network) => network.partition(halves(world))));
    world.at(25 * SECOND, () => world.changeNetwork((network) => network.heal()));
    world.at(25 * SECOND + 1, () => world.changeNetwork((network) => network.partition(halves(world))));
    world.runUntil(30 * SECOND);
    expect(meter.finish().convergence.heals).toEqual([{ at: 25 * SECOND, live: 0, tookMs: null }]);
  });
});

describe('detections', () => {
  it.each([false, true])('say when each observer knew (the machine gone too: %s)', (withMachine) => {
    const { world, meter } = measured({ nodes: 7 });
    const first = { SUSPECTED_DEAD: new Map<string, number>(), DEAD: new Map<string, number>() };
    world.at(9_777, () => {
      world.crash('n3', withMachine);
      world.listen(({ at, host, life }) => {
        const shown = life.core.shown(world.host('n3').id);
        if (shown !== 'HEALTHY' && !first.SUSPECTED_DEAD.has(host.name))
          first.SUSPECTED_DEAD.set(host.name, at - 9_777);
        if (shown === 'DEAD' && !first.DEAD.has(host.name)) first.DEAD.set(host.name, at - 9_777);
      });
    });
    world.runUntil(40 * SECOND);
    const { detections, falseSuspicions, falseDeaths } = meter.finish();
    expect(detections).toMatchObject([{ member: 'n3', at: 9_777, observers: 6, returnedMs: null }]);
    for (const [found, times] of [
      [detections[0]?.suspected, first.SUSPECTED_DEAD],
      [detections[0]?.dead, first.DEAD],
    ] as const) {
      const expected = [...times.values()].toSorted((a, b) => a - b);
      expect(found?.missed).toBe(0);
      expect(found?.afterMs).toHaveLength(6);
      for (const [at, ms] of (found?.afterMs ?? []).entries()) expect(ms).toBeCloseTo(expected[at] ?? Number.NaN, 1);
      expect(found?.summary?.median).toBe(found?.afterMs[2]);
      expect(found?.last).toBe([...times].toSorted(([, a], [, b]) => b - a)[0]?.[0]);
    }
    expect([falseSuspicions.count, falseDeaths.count]).toEqual([0, 0]);
  });

  it('wait for nobody who is gone, and for nothing once the member is back', () => {
    const { world, meter } = measured({ nodes: 6 });
    world.at(10 * SECOND, () => world.crash('n3'));
    world.at(11 * SECOND, () => world.crash('n4'));
    world.at(12 * SECOND, () => world.start('n3'));
    world.runUntil(40 * SECOND);
    expect(meter.finish().detections).toMatchObject([
      { member: 'n3', returnedMs: 2 * SECOND, observers: 0, dead: { missed: 0, summary: null } },
      { member: 'n4', returnedMs: null, observers: 4, dead: { missed: 0, summary: { count: 4 } } },
    ]);
  });

  it('are missed when the run ends too soon', () => {
    const { world, meter } = measured({ nodes: 4 });
    world.at(10 * SECOND, () => world.crash('n3'));
    world.runUntil(12 * SECOND);
    expect(meter.finish().detections).toMatchObject([
      { observers: 3, suspected: { missed: 3 }, dead: { missed: 3, last: null } },
    ]);
  });

  it('are not made of a leave', () => {
    const { world, meter } = measured({ nodes: 4 });
    world.at(10 * SECOND, () => world.leave('n3'));
    world.runUntil(30 * SECOND);
    const { detections, falseDeaths } = meter.finish();
    expect(detections).toEqual([]);
    expect(falseDeaths.count).toBe(0);
  });
});

describe('mistakes', () => {
  it('across a cut are told apart', () => {
    const { world, meter } = measured({ nodes: 6 });
    world.at(10 * SECOND, () => world.changeNetwork((network) => network.partition(halves(world))));
    world.runUntil(40 * SECOND);
    const { falseSuspicions, falseDeaths } = meter.finish();
    // Each of six nodes believes three others dead, and has suspected them before.
    expect(falseDeaths).toMatchObject({
      count: 18,
      cutOff: 18,
      perNodeHour: 0,
      worstMember: { count: 3 },
      worstObserver: { count: 3 },
    });
    expect(falseSuspicions).toMatchObject({ count: 18, cutOff: 18 });
  });

  it('of a node that loses packets are counted per node and hour', () => {
    const { world, meter } = measured({ nodes: 5 });
    world.at(10 * SECOND, () =>
      world.changeNetwork((network) => {
        network.conditions = { loss: 0.97, hosts: new Set(['n2']), duplication: 0 };
      }),
    );
    world.runUntil(60 * SECOND);
    const { falseSuspicions, nodeHours } = meter.finish();
    expect(falseSuspicions.cutOff).toBe(0);
    expect(falseSuspicions.count).toBeGreaterThan(0);
    // It is at one end of each of them.
    expect([falseSuspicions.worstMember?.name, falseSuspicions.worstObserver?.name]).toContain('n2');
    expect(falseSuspicions.perNodeHour).toBeCloseTo(falseSuspicions.count / nodeHours, 2);
  });

  it('are not made of a stopped process', () => {
    const { world, meter } = measured({ nodes: 4 });
    world.at(10 * SECOND, () => world.pause('n1'));
    world.runUntil(40 * SECOND);
    const { falseSuspicions, falseDeaths, states } = meter.finish();
    expect([falseSuspicions.count, falseDeaths.count]).toEqual([0, 0]);
    expect(states.members[1]?.at(-1)?.slice(1)).toEqual([0, 0, 1]);
  });
});

describe('traffic', () => {
  it('adds up to what the network carried', () => {
    const scale = new Scale(directTransport);
    const { world, meter } = measured({ nodes: 6, scale });
    world.runUntil(20 * SECOND);
    const { traffic, nodeHours } = meter.finish();
    const carried = [...world.network.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(traffic.bytesPerNodeSecond).toBeCloseTo(carried / (nodeHours * 3_600), -1);
    expect(traffic.bytes).toHaveLength(20);
    expect(6 * traffic.bytes.reduce((sum, bytes) => sum + bytes, 0)).toBeCloseTo(carried, -2);
    // Between one handshake a cycle and node, in peace, and three, while there is news; each a question and an answer.
    expect(traffic.messagesPerNodeSecond).toBeGreaterThan(3);
    expect(traffic.messagesPerNodeSecond).toBeLessThan(6);
    expect(traffic.worst?.bytesPerSecond).toBeGreaterThanOrEqual(traffic.bytesPerNodeSecond);
    expect(traffic.largestMessage).toBe(scale.largest);
    expect(scale.largest).toBeGreaterThan(300);
  });

  it('has no largest message unless it was weighed', () => {
    const { world, meter } = measured({ nodes: 2 });
    world.runUntil(2 * SECOND);
    expect(meter.finish().traffic.largestMessage).toBeNull();
  });
});

describe('states over time', () => {
  it('end as the nodes show them, and are short for members of whom nothing happens', () => {
    const { world, meter } = measured({ nodes: 10 });
    world.at(10 * SECOND, () => world.crash('n3'));
    world.at(12 * SECOND, () => world.pause('n7'));
    world.at(30 * SECOND, () => world.changeNetwork((network) => network.partition(halves(world))));
    world.runUntil(44 * SECOND);
    const { states, members } = meter.finish();
    expect(states.buckets).toBeLessThanOrEqual(200);
    expect(states.buckets * states.bucketMs).toBeGreaterThanOrEqual(44 * SECOND);
    for (const [at, member] of members.entries()) {
      const others = world.live().filter((host) => host.name !== member);
      const share = (state: string): number =>
        others.filter((host) => host.life?.core.shown(world.host(member).id) === state).length / others.length;
      const shares = ['HEALTHY', 'SUSPECTED_DEAD', 'DEAD'].map(share);
      const last = states.members[at]?.at(-1)?.slice(1) ?? [];
      for (const [state, expected] of shares.entries()) expect(last[state]).toBeCloseTo(expected, 2);
    }
  });

  it('keep one entry for what does not change', () => {
    const { world, meter } = measured({ nodes: 4 });
    world.runUntil(300 * SECOND);
    const { states } = meter.finish();
    expect(states.buckets).toBeLessThanOrEqual(200);
    for (const runs of states.members) {
      expect(runs.length).toBeLessThanOrEqual(3);
      expect(runs.at(-1)?.slice(1)).toEqual([1, 0, 0]);
    }
  });
});
