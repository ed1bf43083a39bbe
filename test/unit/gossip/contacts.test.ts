import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/base/brands.ts';
import type { GossipConfig } from '../../../src/gossip/config.ts';
import { type Done, doneDuring, only } from '../../helpers/inputs.ts';
import { formedMesh, type VirtualMesh, vanish } from '../../helpers/virtual-mesh.ts';

const SEEDS = [1, 2, 3];
const CYCLE = 1_000;
const LONG = 60;

/** A mesh that has formed, and in which nothing has happened for some cycles. */
function quietMesh(nodes: number, seed: number, config: Partial<GossipConfig> = {}): VirtualMesh {
  const mesh = formedMesh(nodes, seed, config);
  mesh.run(10 * CYCLE);
  return mesh;
}

/** How many handshakes each node began, or one of them, in a cycle of each on average. */
function begun(mesh: VirtualMesh, cycles: number, by?: string): number {
  const all = only('sendHeartbeat', doneDuring(mesh, cycles * CYCLE)).filter(
    (done) => by === undefined || done.by === by,
  );
  return all.length / cycles / (by === undefined ? mesh.ids().length : 1);
}

/** The addresses that each node began a handshake with, in the order of the nodes. */
function contacted(mesh: VirtualMesh, done: readonly Done[]): readonly (readonly string[])[] {
  const heartbeats = only('sendHeartbeat', done);
  return mesh.ids().map((name) => heartbeats.filter(({ by }) => by === name).map(({ effect }) => effect.address));
}

describe('while nothing happens', () => {
  it.each([3, 4, 10, 30, 100])('a node of %i begins about half of its handshakes and answers the others', (nodes) => {
    const each = begun(quietMesh(nodes, 1), 20);
    expect(each).toBeGreaterThan(1.3);
    expect(each).toBeLessThan(1.8);
  });

  it.each(SEEDS)('every node contacts the next in the ring of ids in every cycle (seed %i)', (seed) => {
    const mesh = quietMesh(30, seed);
    const ring = mesh.ids().toSorted();
    for (let cycle = 0; cycle < 10; cycle += 1) {
      const met = contacted(mesh, doneDuring(mesh, CYCLE));
      for (const [index, name] of mesh.ids().entries()) {
        const next = ring[(ring.indexOf(name) + 1) % ring.length];
        expect(met[index], `${name} in cycle ${cycle}`).toContain(`${next}:1`);
        expect(new Set(met[index]).size).toBe(met[index]?.length);
      }
    }
  });

  it.each(SEEDS)('every node still contacts all others in turn (seed %i)', (seed) => {
    const mesh = quietMesh(10, seed);
    for (const met of contacted(mesh, doneDuring(mesh, LONG * CYCLE))) expect(new Set(met).size).toBe(9);
  });

  it.each([4, 5, 7, 10])('each of %i contacts all others within so many turns of the gossip factor', (nodes) => {
    for (const seed of SEEDS) {
      const mesh = quietMesh(nodes, seed);
      const done = doneDuring(mesh, 3 * nodes * CYCLE);
      for (const met of contacted(mesh, done)) expect(new Set(met).size).toBe(nodes - 1);
    }
  });

  it('one of two contacts the other in every cycle', () => {
    expect(begun(quietMesh(2, 1), LONG)).toBe(1);
  });

  it('nobody begins fewer than it is told to at the least', () => {
    expect(begun(quietMesh(10, 1, { leastContacts: 3 }), LONG)).toBe(3);
    expect(begun(quietMesh(10, 1, { leastContacts: 2 }), LONG)).toBeGreaterThanOrEqual(2);
    expect(begun(quietMesh(10, 1, { gossipFactor: 1 }), LONG)).toBe(1);
  });
});

describe('as many as the gossip factor says are contacted', () => {
  it.each(SEEDS)('in the cycle after a change, by everybody (seed %i)', (seed) => {
    const mesh = quietMesh(30, seed);
    mesh.relabel('n7', 'changed');
    expect(mesh.runUntil(() => mesh.ids().every((name) => mesh.text(name, 'n7') === 'changed'), 300)).toBeDefined();
    // All but those whose cycle began while the change was on its way.
    expect(begun(mesh, 1)).toBeGreaterThan(2.2);
  });

  it('by a node with which nobody else begins a handshake', () => {
    const mesh = quietMesh(10, 1);
    mesh.reaches = (from, to) => from === 'n3:1' || to !== 'n3:1';
    mesh.run(CYCLE);
    expect(begun(mesh, 4, 'n3')).toBeGreaterThanOrEqual(3);
  });

  it('by everybody, while anybody is shown DEAD', () => {
    const mesh = quietMesh(10, 1, { deadRetention: millis(30 * CYCLE) });
    mesh.kill('n9');
    const dead = (): boolean => mesh.ids().every((name) => mesh.state(name, 'n9') === 'DEAD');
    expect(mesh.runUntil(dead, 15 * CYCLE)).toBeDefined();
    mesh.run(2 * CYCLE);
    // And one handshake with the dead in each cycle, in case it is back.
    expect(begun(mesh, 10)).toBeGreaterThanOrEqual(3);
    mesh.run(30 * CYCLE);
    expect(begun(mesh, 10)).toBeLessThan(1.8 + 1);
  });

  it('by whoever watches somebody that failed, besides that one', () => {
    const mesh = quietMesh(10, 1);
    mesh.kill('n9');
    mesh.run(2 * CYCLE);
    // n8 is the one before it in the ring: it follows n9, and contacts three at random, the one it heard last, and the next in the ring.
    expect(begun(mesh, 5, 'n8')).toBeGreaterThanOrEqual(1 + 3);
  });
});

/** Whom a node begins handshakes with, cycle by cycle. */
function cyclesOf(mesh: VirtualMesh, name: string, cycles: number, length = CYCLE): readonly (readonly string[])[] {
  mesh.run(mesh.core(name).nextWakeAt - mesh.now - 1);
  return Array.from({ length: cycles }, () =>
    only('sendHeartbeat', doneDuring(mesh, length)).flatMap(({ by, effect }) =>
      by === name && effect.connection === 'pooled' ? [effect.address.slice(0, -2)] : [],
    ),
  );
}

describe('machines that vanish', () => {
  // A call has a second, so it fails only after the next cycle has begun.
  const LENGTH = 900;

  it.each(SEEDS)('are contacted by the one before them in every cycle from the first on (seed %i)', (seed) => {
    const mesh = quietMesh(10, seed, { gossipInterval: millis(LENGTH) });
    vanish(mesh, 'n9');
    for (const contacts of cyclesOf(mesh, 'n8', 8, LENGTH)) expect(contacts).toContain('n9');
  });

  it.each(SEEDS)('next to each other are found one a cycle, and each is followed from then on (seed %i)', (seed) => {
    const mesh = quietMesh(10, seed, { gossipInterval: millis(LENGTH) });
    const gone = ['n4', 'n5', 'n6', 'n7'];
    vanish(mesh, ...gone);
    for (const [cycle, contacts] of cyclesOf(mesh, 'n3', 7, LENGTH).entries()) {
      expect(contacts, `cycle ${cycle}`).toEqual(expect.arrayContaining(gone.slice(0, cycle + 1)));
    }
  });

  it.each(SEEDS)(
    'are followed before all others by the one before them, who still hears the next alive (seed %i)',
    (seed) => {
      const mesh = quietMesh(30, seed);
      // In the ring of ids n1 is followed by n10 to n19.
      const next = Array.from({ length: 7 }, (_, index) => `n${10 + index}`);
      vanish(mesh, ...next, 'n3', 'n5', 'n7', 'n9', 'n21', 'n23', 'n25');
      for (const contacts of cyclesOf(mesh, 'n1', 9).slice(-2)) {
        expect(contacts).toEqual(expect.arrayContaining([...next.slice(0, 6), 'n17']));
      }
    },
  );
});

describe('a crash', () => {
  it.each(Array.from({ length: 20 }, (_, index) => index + 1))('is met within a cycle (seed %i)', (seed) => {
    const mesh = quietMesh(30, seed);
    mesh.run(50 * seed);
    mesh.kill('n3');
    mesh.run(CYCLE + 10);
    const failures = mesh.ids().flatMap((name) => mesh.events(name).filter(({ kind }) => kind === 'handshakeFailed'));
    expect(failures.length).toBeGreaterThan(0);
  });
});
