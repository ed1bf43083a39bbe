import { describe, expect, it } from 'vitest';
import { draw, LAN, LATENCY_MODELS, WAN, WORLD } from '../../../../sim/engine/latency.ts';
import { Network } from '../../../../sim/engine/network.ts';
import { seededRandom } from '../../../../src/base/random.ts';

const a = { name: 'a', region: 'lan' };
const b = { name: 'b', region: 'lan' };
const c = { name: 'c', region: 'lan' };

const network = (): Network => new Network(LAN, seededRandom(1));

/** The travel times of many messages of one packet; undefined is one that never came. */
function travels(net: Network, count = 20_000): readonly (number | undefined)[] {
  return Array.from({ length: count }, () => net.send(a, b, 100));
}

const share = (times: readonly (number | undefined)[], holds: (time: number | undefined) => boolean): number =>
  times.filter(holds).length / times.length;

describe('travel times', () => {
  it.each([
    ['lan', LAN.between('lan', 'lan')],
    ['wan', WAN.between('wan', 'wan')],
  ])('are at least the floor, and on average the floor and the jitter: %s', (_, delay) => {
    const random = seededRandom(3);
    const drawn = Array.from({ length: 50_000 }, () => draw(delay, random));
    const mean = drawn.reduce((sum, time) => sum + time, 0) / drawn.length;
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(delay.base);
    // The tail of ten times the jitter, in one of a hundred, adds nine hundredths.
    expect((mean - delay.base) / delay.jitter).toBeGreaterThan(1.03);
    expect((mean - delay.base) / delay.jitter).toBeLessThan(1.16);
  });

  it('are the same both ways, and known for every pair of regions', () => {
    for (const from of WORLD.regions) {
      for (const to of WORLD.regions) expect(WORLD.between(from, to)).toEqual(WORLD.between(to, from));
    }
    expect(new Set(LATENCY_MODELS.map((model) => model.name)).size).toBe(LATENCY_MODELS.length);
  });

  it('are longer from and to a slow host, and only there', () => {
    const net = network();
    net.slow('b', 700);
    expect(net.send(a, b, 10)).toBeGreaterThan(700);
    expect(net.send(b, a, 10)).toBeGreaterThan(700);
    expect(net.send(a, c, 10)).toBeLessThan(20);
  });
});

describe('lost packets', () => {
  it('are sent again after 200 ms, then after twice that', () => {
    const net = network();
    net.conditions = { loss: 0.2, hosts: new Set(), duplication: 0 };
    const times = travels(net);
    expect(share(times, (time) => time !== undefined && time < 100)).toBeCloseTo(0.8, 1);
    expect(share(times, (time) => time !== undefined && time >= 200 && time < 300)).toBeCloseTo(0.16, 1);
    expect(share(times, (time) => time !== undefined && time >= 600 && time < 700)).toBeCloseTo(0.032, 2);
  });

  it('are the more the bigger the message is', () => {
    const net = network();
    net.conditions = { loss: 0.1, hosts: new Set(), duplication: 0 };
    const times = Array.from({ length: 5_000 }, () => net.send(a, b, 10_000));
    // Eight packets: all of them get through at once in 0.9^8 of the cases.
    expect(share(times, (time) => time !== undefined && time < 100)).toBeCloseTo(0.43, 1);
  });

  it('are those of the links that are lossy, when hosts are named', () => {
    const net = network();
    net.conditions = { loss: 0.9, hosts: new Set(['c']), duplication: 0 };
    expect(travels(net, 500).every((time) => time !== undefined && time < 100)).toBe(true);
    expect(net.lossBetween('a', 'c')).toBe(0.9);
    expect(net.lossBetween('c', 'b')).toBe(0.9);
  });

  it('of a connection are waited for a second', () => {
    const net = network();
    net.conditions = { loss: 0.5, hosts: new Set(), duplication: 0 };
    const times = Array.from({ length: 4_000 }, () => net.connect(a, b));
    expect(share(times, (time) => time !== undefined && time < 100)).toBeCloseTo(0.25, 1);
    expect(times.every((time) => time === undefined || time < 100 || time >= 1_000)).toBe(true);
  });
});

describe('who reaches whom', () => {
  it('is one-way for a cut, and no connection comes about over it', () => {
    const net = network();
    net.cut('a', 'b');
    expect(net.send(a, b, 10)).toBeUndefined();
    expect(net.send(b, a, 10)).toBeDefined();
    expect(net.connect(b, a)).toBeUndefined();
    expect(net.calm).toBe(false);
  });

  it('is by groups in a partition; who is in none is apart from them', () => {
    const net = network();
    net.partition([['a'], ['b']]);
    expect(net.reaches('a', 'b')).toBe(false);
    expect(net.reaches('a', 'c')).toBe(false);
    expect(net.reaches('c', 'd')).toBe(true);
  });

  it('is everybody everybody after a heal', () => {
    const net = network();
    net.cut('a', 'b');
    net.partition([['a'], ['b']]);
    net.slow('a', 50);
    net.conditions = { loss: 1, hosts: new Set(), duplication: 1 };
    net.heal();
    expect(net.calm).toBe(true);
    expect(net.send(a, b, 10)).toBeLessThan(20);
    expect(net.duplicates()).toBe(false);
  });
});

describe('duplicates', () => {
  it('are the share that is asked for', () => {
    const net = network();
    net.conditions = { loss: 0, hosts: new Set(), duplication: 0.3 };
    const doubled = Array.from({ length: 10_000 }, () => net.duplicates()).filter(Boolean).length;
    expect(doubled / 10_000).toBeCloseTo(0.3, 1);
  });
});

describe('the bytes of a link', () => {
  it('add up, also of what never arrives', () => {
    const net = network();
    net.send(a, b, 100);
    net.cut('a', 'b');
    net.send(a, b, 50);
    expect(net.bytes.get('a>b')).toBe(150);
    expect(net.bytes.get('b>a')).toBeUndefined();
  });
});
