import { describe, expect, it } from 'vitest';
import { doneDuring, only } from '../../helpers/inputs.ts';
import { VirtualMesh } from '../../helpers/virtual-mesh.ts';

/** When a node looked up each of its targets, ms. */
function lookups(mesh: VirtualMesh): Map<string, number[]> {
  const seen = new Map<string, number[]>();
  mesh.watch = (_name, effect) => {
    if (effect.kind === 'resolve') seen.set(effect.target, [...(seen.get(effect.target) ?? []), mesh.now]);
  };
  return seen;
}

function failures(mesh: VirtualMesh, name: string): readonly number[] {
  return mesh.events(name).flatMap((event) => (event.kind === 'joinFailed' ? [event.attempts] : []));
}

describe('a node whose bootstrap nodes are down', () => {
  it.each([1, 2, 3])('names them, goes on trying, and joins soon after one comes up (seed %i)', (seed) => {
    const mesh = new VirtualMesh(seed);
    mesh.start('a', { join: ['b:1', 'c:1'] });
    expect(mesh.standing('a').firstRoundTried).toBe(false);
    mesh.run(1_000);
    expect(mesh.standing('a')).toEqual(
      expect.objectContaining({
        firstRoundTried: true,
        isolated: false,
        waitingFor: expect.arrayContaining(['b:1', 'c:1']),
      }),
    );
    mesh.run(300_000);
    mesh.start('b');
    expect(mesh.runUntil(() => mesh.agreed(), 5_000)).toBeDefined();
    expect(mesh.standing('a').waitingFor).toEqual([]);
  });

  it('waits longer after each failed try, up to four seconds, and not always the same', () => {
    const mesh = new VirtualMesh();
    const seen = lookups(mesh);
    mesh.start('a', { join: ['b:1'] });
    mesh.run(600_000);
    const times = seen.get('b:1') ?? [];
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? Number.NaN));
    for (const [index, gap] of gaps.entries()) {
      const full = Math.min(4_000, 250 * 2 ** index);
      expect(gap).toBeGreaterThan(full / 2);
      expect(gap).toBeLessThan(full + 10);
    }
    expect(new Set(gaps.slice(5).map((gap) => Math.round(gap / 100))).size).toBeGreaterThan(5);
    expect(failures(mesh, 'a')).toEqual(times.map((_, index) => index + 1).slice(0, failures(mesh, 'a').length));
  });
});

describe('bootstrap targets', () => {
  it('are tried in rounds, each twice as large as the last, so that one answer spares the rest', () => {
    const mesh = new VirtualMesh();
    const seen = lookups(mesh);
    const many = Array.from({ length: 12 }, (_, index) => `x${index}:1`);
    mesh.start('a', { join: many });
    const counts = [0, 260, 510].map((wait) => {
      mesh.run(wait);
      return many.filter((target) => seen.has(target)).length;
    });
    expect(counts).toEqual([3, 9, 12]);
  });

  it('are not tried again before the last round has ended, however slow the answers are', () => {
    const mesh = new VirtualMesh();
    const seen = lookups(mesh);
    const many = Array.from({ length: 12 }, (_, index) => `x${index}:1`);
    mesh.reaches = () => false;
    mesh.start('a', { join: many });
    mesh.run(990);
    expect(seen.size).toBe(3);
  });

  it('are left alone once one of them has answered', () => {
    const mesh = new VirtualMesh();
    const many = Array.from({ length: 12 }, (_, index) => `x${index}:1`);
    for (let index = 0; index < 12; index += 1) mesh.start(`x${index}`, { join: ['x0:1'] });
    mesh.run(10_000);
    const seen = lookups(mesh);
    mesh.start('a', { join: many });
    mesh.run(240);
    expect(mesh.members('a').length).toBe(13);
    expect(seen.size).toBe(3);
  });

  it('are not contacted where a member says that it is, for as long as it is shown HEALTHY', () => {
    const mesh = new VirtualMesh();
    const many = Array.from({ length: 12 }, (_, index) => `x${index}:1`);
    for (let index = 0; index < 12; index += 1) mesh.start(`x${index}`, { join: ['x0:1'] });
    mesh.run(10_000);
    mesh.start('a', { join: many });
    const fresh = (ms: number): readonly string[] =>
      only('sendHeartbeat', doneDuring(mesh, ms)).flatMap(({ by, effect }) =>
        by === 'a' && effect.connection === 'fresh' ? [effect.address] : [],
      );
    expect(fresh(60_000)).toHaveLength(3);
    mesh.kill('x5');
    expect(new Set(fresh(60_000))).toEqual(new Set(['x5:1']));
  });

  it('that are the own address are recognised by who answers, and no longer waited for', () => {
    const mesh = new VirtualMesh();
    mesh.start('a', { join: ['a:1', 'b:1'] });
    mesh.run(2_000);
    expect(mesh.standing('a').waitingFor).toEqual(['b:1']);
    expect(mesh.standing('a').duplicateAddresses).toEqual([]);
  });

  it('that are names are looked up anew at every try; a name without an address is a failed try', () => {
    const mesh = new VirtualMesh();
    const seen = lookups(mesh);
    mesh.start('a', { join: ['dns://mesh:1'] });
    mesh.run(10_000);
    expect(seen.get('dns://mesh:1')?.length).toBeGreaterThan(3);
    expect(failures(mesh, 'a').length).toBeGreaterThan(3);
    mesh.start('b');
    mesh.names.set('dns://mesh:1', ['b:1']);
    expect(mesh.runUntil(() => mesh.agreed(), 5_000)).toBeDefined();
  });

  it('that are names of many addresses lead into the mesh although most of them are dead', () => {
    const mesh = new VirtualMesh();
    mesh.start('b');
    const dead = Array.from({ length: 20 }, (_, index) => `dead${index}:1`);
    mesh.names.set('dns://mesh:1', [...dead, 'b:1']);
    mesh.start('a', { join: ['dns://mesh:1'] });
    expect(mesh.runUntil(() => mesh.agreed(), 30_000)).toBeDefined();
  });

  it('that are remembered from a former life are tried, but not waited for', () => {
    const mesh = new VirtualMesh();
    mesh.start('a', { join: ['b:1'], origin: 'snapshot' });
    mesh.run(60_000);
    expect(mesh.standing('a').waitingFor).toEqual([]);
    mesh.start('b');
    expect(mesh.runUntil(() => mesh.agreed(), 5_000)).toBeDefined();
  });

  it('that nobody answers for are tried in company too, so that a second half is found when it comes', () => {
    const mesh = new VirtualMesh();
    mesh.start('a', { join: ['b:1', 'c:1'] });
    mesh.start('b', { join: ['a:1'] });
    mesh.run(120_000);
    mesh.start('c');
    expect(mesh.runUntil(() => mesh.agreed(), 10_000)).toBeDefined();
  });

  it('lead back to the mesh after everybody in it had died', () => {
    const mesh = new VirtualMesh();
    mesh.start('b');
    mesh.start('a', { join: ['b:1'] });
    mesh.run(5_000);
    mesh.kill('b');
    mesh.run(200_000);
    expect(mesh.standing('a')).toEqual(expect.objectContaining({ isolated: true, waitingFor: ['b:1'] }));
    mesh.start('b', { metadata: 'second life' });
    expect(mesh.runUntil(() => mesh.agreed() && mesh.text('a', 'b') === 'second life', 5_000)).toBeDefined();
  });

  it('are no longer looked up once the node leaves', () => {
    const mesh = new VirtualMesh();
    const seen = lookups(mesh);
    mesh.start('a', { join: ['b:1'] });
    mesh.leave('a');
    mesh.run(60_000);
    expect(seen.get('b:1')?.length).toBe(1);
  });
});

describe('addresses to rejoin by', () => {
  it('are those of all others but the ones that left', () => {
    const mesh = new VirtualMesh();
    for (const name of ['a', 'b', 'c', 'd']) mesh.start(name, { join: ['a:1'] });
    mesh.run(5_000);
    mesh.leave('c');
    mesh.kill('d');
    mesh.run(20_000);
    expect(mesh.core('a').rejoinAddresses().toSorted()).toEqual(['b:1', 'd:1']);
  });
});
