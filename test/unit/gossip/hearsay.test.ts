import { describe, expect, it } from 'vitest';
import { greeted, pushed } from '../../helpers/inputs.ts';
import { type RecordOptions, recordOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, type VirtualMesh } from '../../helpers/virtual-mesh.ts';

/** Somebody tells a node of a member: just that record, and its own digest says nothing else. */
function tell(mesh: VirtualMesh, to: string, options: RecordOptions, source = 'rumour'): void {
  mesh.poke(to, pushed([recordOf(options)], source));
}

/** A mesh of three of which `n2` is as good as dead: stopped, and nobody has noticed yet. What they hold of it comes along. */
function withStopped(seed = 1): { readonly mesh: VirtualMesh; readonly held: RecordOptions } {
  const mesh = formedMesh(3, seed);
  mesh.pause('n2');
  const { version = 0, address = '' } = mesh.shown('n0', 'n2') ?? {};
  return { mesh, held: { id: 'n2', version, address } };
}

describe('a death by hearsay', () => {
  it('is a suspicion at first, and a death when it has been held for its time', () => {
    const { mesh, held } = withStopped();
    tell(mesh, 'n0', { ...held, state: 'DEAD' });
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
    mesh.run(4_990);
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
    mesh.run(20);
    expect(mesh.state('n0', 'n2')).toBe('DEAD');
  });

  it('is believed at once when the suspicion has been held for that time already', () => {
    const { mesh, held } = withStopped();
    tell(mesh, 'n0', { ...held, state: 'SUSPECTED_DEAD' });
    mesh.run(5_010);
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
    tell(mesh, 'n0', { ...held, state: 'DEAD' });
    expect(mesh.state('n0', 'n2')).toBe('DEAD');
  });

  it('counts from the last evidence of life', () => {
    const { mesh, held } = withStopped();
    tell(mesh, 'n0', { ...held, state: 'SUSPECTED_DEAD' });
    mesh.run(4_000);
    mesh.poke('n0', greeted('n2'));
    mesh.run(2_000);
    tell(mesh, 'n0', { ...held, state: 'DEAD' });
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
  });

  it('of a newer version is a suspicion too', () => {
    const { mesh, held } = withStopped();
    tell(mesh, 'n0', { ...held, version: (held.version ?? 0) + 1, state: 'DEAD' });
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
  });

  it('of a member that lives is refuted and never shown', () => {
    const mesh = formedMesh(5, 1);
    const { version = 0, address = '' } = mesh.shown('n0', 'n2') ?? {};
    tell(mesh, 'n0', { id: 'n2', version, address, state: 'DEAD' });
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
    expect(mesh.runUntil(() => mesh.agreed() && (mesh.shown('n0', 'n2')?.version ?? 0) > version, 5_000)).toBeDefined();
    expect(mesh.changes.filter(({ to }) => to === 'DEAD')).toEqual([]);
  });

  it('is no news of one who is not known, whether it left or not', () => {
    const mesh = formedMesh(2);
    tell(mesh, 'n0', { id: 'stranger', state: 'DEAD', version: EPOCH });
    tell(mesh, 'n0', { id: 'leaver', state: 'DEAD', left: true, version: EPOCH });
    expect(mesh.members('n0').map(({ id }) => id)).toEqual(['n0', 'n1']);
    expect(mesh.core('n0').tombstoneCount).toBe(0);
  });

  it('that is a goodbye is believed at once', () => {
    const { mesh, held } = withStopped();
    tell(mesh, 'n0', { ...held, version: (held.version ?? 0) + 1, state: 'DEAD', left: true });
    expect(mesh.shown('n0', 'n2')).toEqual(expect.objectContaining({ state: 'DEAD', left: true }));
  });
});

describe('a suspicion by hearsay', () => {
  it('that nobody confirms or refutes is looked into', () => {
    const mesh = formedMesh(3, 1);
    const { version = 0, address = '' } = mesh.shown('n0', 'n2') ?? {};
    mesh.pause('n2');
    tell(mesh, 'n0', { id: 'n2', version, address, state: 'SUSPECTED_DEAD' });
    mesh.run(4_000);
    mesh.kill('n2');
    expect(mesh.runUntil(() => mesh.state('n0', 'n2') === 'DEAD', 20_000)).toBeDefined();
  });

  it('is void when the member speaks again', () => {
    const { mesh, held } = withStopped();
    tell(mesh, 'n0', { ...held, state: 'SUSPECTED_DEAD' });
    tell(mesh, 'n0', { ...held, version: (held.version ?? 0) + 1 });
    expect(mesh.state('n0', 'n2')).toBe('HEALTHY');
  });
});

describe('a tombstone', () => {
  it('is not lifted by old news of the dead, but by news of the dead themselves', () => {
    const mesh = formedMesh(3, 1);
    const { version = 0, address = '' } = mesh.shown('n0', 'n2') ?? {};
    mesh.kill('n2');
    mesh.run(90_000);
    expect(mesh.core('n0').tombstoneCount).toBe(1);
    tell(mesh, 'n0', { id: 'n2', version, address });
    tell(mesh, 'n0', { id: 'n2', version: version - 1, address });
    expect(mesh.shown('n0', 'n2')).toBeUndefined();
    tell(mesh, 'n0', { id: 'n2', version: version + 1, address });
    expect(mesh.state('n0', 'n2')).toBe('HEALTHY');
  });
});
