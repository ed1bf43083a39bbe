import { describe, expect, it } from 'vitest';
import { nodeId, unixMillis, type Version } from '../../../src/base/brands.ts';
import type { GossipEvent } from '../../../src/gossip/event.ts';
import { digestOf, type RecordOptions, recordOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, VirtualMesh } from '../../helpers/virtual-mesh.ts';

const DAY = 24 * 3_600_000;

/** A node `a`, one second after its start, and its version then. */
function lone(): { readonly mesh: VirtualMesh; readonly version: Version } {
  const mesh = new VirtualMesh();
  mesh.start('a');
  mesh.run(1_000);
  return { mesh, version: mesh.core('a').ownVersion };
}

/** A peer's heartbeat that claims something of `a`. */
function claim(mesh: VirtualMesh, options: RecordOptions): void {
  const record = recordOf({ id: 'a', address: 'a:1', ...options });
  mesh.poke('a', {
    kind: 'heartbeatReceived',
    call: -1,
    message: { source: nodeId('b'), mesh: 'default', sentAt: unixMillis(EPOCH), digest: digestOf([record]) },
  });
}

function told<Kind extends GossipEvent['kind']>(mesh: VirtualMesh, kind: Kind): readonly GossipEvent[] {
  return mesh.events('a').filter((event) => event.kind === kind);
}

describe('a node', () => {
  it('begins with the time as its version', () => {
    const { version } = lone();
    expect(version).toBe(EPOCH);
  });

  it('rises above its version with every word, though the clock stands still', () => {
    const { mesh, version } = lone();
    mesh.relabel('a', 'one');
    const first = mesh.core('a').ownVersion;
    mesh.relabel('a', 'two');
    expect(first).toBe(EPOCH + mesh.now);
    expect(first).toBeGreaterThan(version);
    expect(mesh.core('a').ownVersion).toBe(first + 1);
    expect(mesh.text('a', 'a')).toBe('two');
  });

  it.each(['SUSPECTED_DEAD', 'DEAD'] as const)('refutes that it is %s', (state) => {
    const { mesh, version } = lone();
    claim(mesh, { version, state });
    expect(mesh.core('a').ownVersion).toBe(EPOCH + mesh.now);
    expect(mesh.core('a').ownVersion).toBeGreaterThan(version);
    expect(told(mesh, 'refuted')).toEqual([{ kind: 'refuted', version: mesh.core('a').ownVersion, of: state }]);
    expect(mesh.state('a', 'a')).toBe('HEALTHY');
  });

  it('answers a claim of another address at its own version', () => {
    const { mesh, version } = lone();
    claim(mesh, { version, address: 'elsewhere:1' });
    expect(mesh.core('a').ownVersion).toBeGreaterThan(version);
  });

  it.each([1, DAY / 2, DAY])('answers a former life that is %i ms ahead with a version shortly after it', (ahead) => {
    const { mesh } = lone();
    const seen = EPOCH + mesh.now + ahead;
    claim(mesh, { version: seen });
    expect(mesh.core('a').ownVersion).toBeGreaterThan(seen);
    expect(mesh.core('a').ownVersion).toBeLessThanOrEqual(seen + 1_000);
  });

  it('does not choose the version that another life chose, which met the same former one out of its sight', () => {
    const mesh = new VirtualMesh(3);
    mesh.start('b');
    mesh.start('c', { join: ['b:1'] });
    mesh.start('x', { join: ['b:1', 'c:1'] });
    mesh.run(5_000);
    mesh.kill('x');
    mesh.run(1_000);
    const lives: readonly (readonly [string, string])[] = [
      ['b', 'second life'],
      ['c', 'third life'],
    ];
    for (const [only, metadata] of lives) {
      mesh.reaches = (from, to) => from === to || [from, to].every((address) => [`${only}:1`, 'x:1'].includes(address));
      mesh.start('x', { join: [`${only}:1`], metadata, clockAhead: -3_600_000 });
      mesh.run(2_000);
      if (only === 'b') mesh.kill('x');
    }
    mesh.reaches = () => true;
    mesh.run(60_000);
    const seen = ['b', 'c', 'x'].map((observer) => mesh.text(observer, 'x'));
    expect(seen).toEqual(['third life', 'third life', 'third life']);
  });

  it.each([DAY + 1, 10 * DAY])('refuses what is claimed of it %i ms ahead of its clock', (ahead) => {
    const { mesh, version } = lone();
    claim(mesh, { version: EPOCH + mesh.now + ahead });
    expect(mesh.core('a').ownVersion).toBe(version);
    expect(told(mesh, 'recordRefused')).toEqual([
      { kind: 'recordRefused', reason: 'version_ahead', source: 'b', id: 'a' },
    ]);
  });

  it('is not pushed to the end of the numbers', () => {
    const { mesh, version } = lone();
    claim(mesh, { version: Number.MAX_SAFE_INTEGER });
    claim(mesh, { version: Number.MAX_SAFE_INTEGER - 1 });
    expect(mesh.core('a').ownVersion).toBe(version);
  });

  it.each(['HEALTHY', 'SUSPECTED_DEAD', 'DEAD'] as const)('stays silent on an older life that was %s', (state) => {
    const { mesh, version } = lone();
    claim(mesh, { version: version - 1, state });
    claim(mesh, { version });
    expect(mesh.core('a').ownVersion).toBe(version);
    expect(told(mesh, 'refuted')).toEqual([]);
  });

  it('refutes an accusation within the handshake that brings it', () => {
    const mesh = formedMesh(2, 1);
    const held = mesh.shown('n0', 'n1');
    const accused = recordOf({
      id: 'n1',
      version: held?.version ?? 0,
      address: held?.address ?? '',
      state: 'SUSPECTED_DEAD',
    });
    let answer: unknown;
    mesh.watch = (name, effect) => {
      if (name === 'n1' && effect.kind === 'answerHeartbeat' && effect.call === -7) answer = effect.message.delta;
    };
    const message = { source: nodeId('n0'), mesh: 'default', sentAt: unixMillis(EPOCH), digest: digestOf([accused]) };
    mesh.poke('n1', { kind: 'heartbeatReceived', call: -7, message });
    expect(answer).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'n1', state: 'HEALTHY', version: mesh.core('n1').ownVersion }),
      ]),
    );
    expect(mesh.core('n1').ownVersion).toBeGreaterThan(accused.version);
  });
});
