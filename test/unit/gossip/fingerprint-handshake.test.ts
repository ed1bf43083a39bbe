import { describe, expect, it } from 'vitest';
import { millis, nodeId } from '../../../src/base/brands.ts';
import type { Heartbeat } from '../../../src/gossip/messages.ts';
import { BUCKETS, bucketOf, Fingerprint } from '../../../src/store/fingerprint.ts';
import { diffFrom, doneDuring, effectsOf, greeted, only, pushed } from '../../helpers/inputs.ts';
import { digestOf, recordOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, type VirtualMesh } from '../../helpers/virtual-mesh.ts';

/** No news is pushed: whatever spreads, spreads by handshakes. */
const NO_PUSH = { eagerWindow: millis(3_600_000) };
const NOTHING = new Fingerprint(1, 1);

function detailOf({ digest, buckets }: Heartbeat): string {
  if (digest.size > 0) return 'digest';
  return buckets === undefined ? 'fingerprint' : 'buckets';
}

describe('a quiet mesh', () => {
  it.each([3, 100])('of %i sends fingerprints and nothing else', (size) => {
    const mesh = formedMesh(size);
    mesh.run(2_000);
    const done = doneDuring(mesh, 4_000);
    const heartbeats = only('sendHeartbeat', done);
    expect(heartbeats.length).toBeGreaterThan(size * 5);
    expect(new Set(heartbeats.map(({ effect }) => detailOf(effect.message)))).toEqual(new Set(['fingerprint']));
    expect(only('sendDiff', done)).toEqual([]);
    for (const { effect } of only('answerHeartbeat', done)) {
      const { inSync, delta, digest } = effect.message;
      expect([inSync, delta.length, digest.size]).toEqual([true, 0, 0]);
    }
  });
});

/** What `n5` and everybody else do until all know that `n5` has changed its labels. */
function spread(size: number): { readonly mesh: VirtualMesh; readonly done: ReturnType<typeof doneDuring> } {
  const mesh = formedMesh(size, 1, NO_PUSH);
  mesh.run(3_000);
  mesh.relabel('n5', 'changed');
  const done = doneDuring(mesh, 6_000);
  expect(mesh.ids().filter((name) => mesh.text(name, 'n5') !== 'changed')).toEqual([]);
  return { mesh, done };
}

describe('who is shown DEAD', () => {
  it('costs no digest while nobody answers, and is told at once what is held of it when it does', () => {
    const mesh = formedMesh(5);
    mesh.reaches = (from, to) => from.startsWith('n4:') === to.startsWith('n4:');
    mesh.run(20_000);
    expect(mesh.state('n0', 'n4')).toBe('DEAD');
    const tries = only('sendHeartbeat', doneDuring(mesh, 10_000)).filter(
      ({ by, effect }) => by !== 'n4' && effect.address.startsWith('n4:'),
    );
    expect(tries.length).toBeGreaterThan(20);
    expect(new Set(tries.map(({ effect }) => detailOf(effect.message)))).toEqual(new Set(['fingerprint']));
    const last = tries.at(-1);
    const answer = diffFrom('n4', { fingerprint: NOTHING });
    const exchange = last?.effect.exchange ?? -1;
    const more = effectsOf(mesh, last?.by ?? 'n0', { kind: 'heartbeatAnswered', exchange, message: answer });
    const [told] = more.flatMap((effect) => (effect.kind === 'sendHeartbeat' ? [effect.message] : []));
    expect(told?.digest.get(nodeId('n4'))?.state).toBe('DEAD');
    expect(told?.digest.size).toBe(5);
  });
});

describe('a change', () => {
  it('in a mesh of 100 costs the handshakes one bucket, never a digest', () => {
    const { mesh, done } = spread(100);
    const inBucket = mesh.ids().filter((id) => bucketOf(id) === bucketOf('n5')).length;
    expect(inBucket).toBeLessThan(12);
    const heartbeats = only('sendHeartbeat', done);
    expect(new Set(heartbeats.map(({ effect }) => detailOf(effect.message)))).toEqual(
      new Set(['fingerprint', 'buckets']),
    );
    const scoped = only('answerHeartbeat', done).filter(({ effect }) => effect.message.scope !== undefined);
    expect(scoped.length).toBeGreaterThan(0);
    for (const { effect } of scoped) {
      expect(effect.message.scope).toBe((2 ** bucketOf('n5')) >>> 0);
      // The members of the bucket, and the one that the answer is for.
      expect(effect.message.digest.size).toBeLessThanOrEqual(inBucket + 1);
    }
    const diffs = only('sendDiff', done);
    expect(diffs.length).toBeGreaterThan(0);
    for (const { effect } of diffs) {
      expect(effect.message.delta.map(({ id }) => id).filter((id) => id !== 'n5')).toEqual([]);
      expect(effect.message.digest.size).toBeLessThanOrEqual(inBucket + 1);
    }
  });

  it('in a mesh of fewer than 64 costs a digest', () => {
    const { done } = spread(63);
    const details = only('sendHeartbeat', done).map(({ effect }) => detailOf(effect.message));
    expect(new Set(details)).toEqual(new Set(['fingerprint', 'digest']));
  });

  it('costs nothing any more when everybody knows', () => {
    const { mesh } = spread(100);
    mesh.run(2_000);
    const details = only('sendHeartbeat', doneDuring(mesh, 5_000)).map(({ effect }) => detailOf(effect.message));
    expect(new Set(details)).toEqual(new Set(['fingerprint']));
  });
});

describe('an elder peer, which sends no fingerprint', () => {
  const elder = recordOf({ id: 'elder', version: EPOCH });

  function withElder(): VirtualMesh {
    const mesh = formedMesh(3);
    mesh.run(3_000);
    mesh.poke('n0', pushed([elder]));
    mesh.run(1_000);
    return mesh;
  }

  it('is taken at first for one that does, and told everything once it shows that it does not', () => {
    const mesh = withElder();
    mesh.reaches = () => false;
    const sent = only('sendHeartbeat', doneDuring(mesh, 900)).find(({ effect }) => effect.address === 'elder:1');
    if (sent === undefined) throw new Error('nobody called the elder');
    expect(detailOf(sent.effect.message)).toBe('fingerprint');
    const message = diffFrom('elder', { digest: digestOf([elder]) });
    const effects = effectsOf(mesh, sent.by, { kind: 'heartbeatAnswered', exchange: sent.effect.exchange, message });
    const diff = effects.find(({ kind }) => kind === 'sendDiff');
    const ids = diff?.kind === 'sendDiff' ? diff.message.delta.map(({ id }) => id) : [];
    expect(ids.toSorted()).toEqual(['n0', 'n1', 'n2']);
  });

  it('is greeted with a digest', () => {
    const mesh = withElder();
    mesh.poke('n0', greeted('elder', { digest: digestOf([elder]) }));
    const toElder = only('sendHeartbeat', doneDuring(mesh, 3_000)).filter(
      ({ by, effect }) => by === 'n0' && effect.address === elder.address,
    );
    expect(toElder.length).toBeGreaterThan(0);
    for (const { effect } of toElder) expect(effect.message.digest.has(nodeId('n1'))).toBe(true);
  });

  it('is answered with what it lacks and a digest, as ever', () => {
    const mesh = withElder();
    const heartbeat = greeted('elder', { digest: digestOf([elder]) }, 7);
    const answer = effectsOf(mesh, 'n0', heartbeat).find(({ kind }) => kind === 'answerHeartbeat');
    expect(answer).toMatchObject({ call: 7, message: { pushOnly: false } });
    const { delta, digest, inSync, scope } = answer?.kind === 'answerHeartbeat' ? answer.message : diffFrom('');
    expect(delta.map(({ id }) => id).toSorted()).toEqual(['n0', 'n1', 'n2']);
    expect([...digest.keys()].toSorted()).toEqual(['elder', 'n0', 'n1', 'n2']);
    expect([inSync, scope]).toEqual([undefined, undefined]);
  });

  it('that holds nothing yet is told everything', () => {
    const mesh = withElder();
    const answer = effectsOf(mesh, 'n0', greeted('elder')).find(({ kind }) => kind === 'answerHeartbeat');
    const ids = answer?.kind === 'answerHeartbeat' ? answer.message.delta.map(({ id }) => id) : [];
    expect(ids.toSorted()).toEqual(['elder', 'n0', 'n1', 'n2']);
  });
});

/** The handshake that `n0` has just begun with somebody, who hears nothing: the test answers in its place. */
function begun(size: number): { readonly mesh: VirtualMesh; readonly exchange: number; readonly peer: string } {
  const mesh = formedMesh(size);
  mesh.run(5_000);
  mesh.reaches = () => false;
  const sent = only('sendHeartbeat', doneDuring(mesh, 1_100)).find(({ by }) => by === 'n0');
  if (sent === undefined) throw new Error('n0 called nobody');
  expect(detailOf(sent.effect.message)).toBe('fingerprint');
  return { mesh, exchange: sent.effect.exchange, peer: sent.effect.address.replace(':1', '') };
}

describe('a peer that answers fingerprints with nothing', () => {
  it.each([
    [3, ['fingerprint', 'digest']],
    [70, ['fingerprint', 'buckets', 'digest']],
  ])('is told more in a mesh of %i, and in the end everything, once: %j', (size, expected) => {
    const { mesh, exchange, peer } = begun(size);
    const nothing = diffFrom(peer, { fingerprint: NOTHING });
    const details = ['fingerprint'];
    let told: readonly string[] = [];
    for (let answers = 0; answers < 10 && told.length === 0; answers += 1) {
      const effects = effectsOf(mesh, 'n0', { kind: 'heartbeatAnswered', exchange, message: nothing });
      for (const effect of effects) {
        if (effect.kind === 'sendHeartbeat' && effect.exchange === exchange) details.push(detailOf(effect.message));
        if (effect.kind === 'sendDiff' && effect.exchange === exchange) told = effect.message.delta.map(({ id }) => id);
      }
    }
    expect(told.length).toBe(size);
    expect(details).toEqual(expected);
    const finished = effectsOf(mesh, 'n0', { kind: 'diffAnswered', exchange, message: diffFrom(peer) });
    expect(finished).toMatchObject([{ kind: 'event', event: { kind: 'handshakeFinished', inSync: false } }]);
    expect(effectsOf(mesh, 'n0', { kind: 'heartbeatAnswered', exchange, message: nothing })).toEqual([]);
  });
});

describe('a heartbeat with fingerprints that do not fit', () => {
  it('is answered with nothing, so that the digest comes', () => {
    const mesh = formedMesh(3);
    const few = Array.from({ length: BUCKETS - 1 }, () => NOTHING);
    for (const says of [{ fingerprint: NOTHING }, { fingerprint: NOTHING, buckets: few }]) {
      const answer = effectsOf(mesh, 'n0', greeted('n1', says)).find(({ kind }) => kind === 'answerHeartbeat');
      const message = answer?.kind === 'answerHeartbeat' ? answer.message : undefined;
      expect(message).toMatchObject({ delta: [], digest: new Map() });
      expect([message?.scope, message?.inSync]).toEqual([undefined, undefined]);
    }
  });

  it('in every bucket is answered with the whole digest', () => {
    const mesh = formedMesh(3);
    const buckets = Array.from({ length: BUCKETS }, () => NOTHING);
    const heartbeat = greeted('n1', { fingerprint: NOTHING, buckets });
    const answer = effectsOf(mesh, 'n0', heartbeat).find(({ kind }) => kind === 'answerHeartbeat');
    expect(answer).toMatchObject({ message: { scope: 0xffff_ffff } });
    expect(answer?.kind === 'answerHeartbeat' ? answer.message.digest.size : 0).toBe(3);
  });
});
