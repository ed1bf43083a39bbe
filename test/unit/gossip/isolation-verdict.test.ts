import { describe, expect, it } from 'vitest';
import { nodeId, unixMillis } from '../../../src/base/brands.ts';
import { type Claim, compareClaims, type Digest, type MemberRecord } from '../../../src/store/record.ts';
import { pushed } from '../../helpers/inputs.ts';
import { digestOf, type RecordOptions, recordOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, type VirtualMesh } from '../../helpers/virtual-mesh.ts';

/** A mesh of three whose `n0` has been cut off for 20 s and shows the others DEAD by its own verdict. */
function cutOff(): VirtualMesh {
  const mesh = formedMesh(3, 1);
  mesh.reaches = (from, to) => from !== 'n0:1' && to !== 'n0:1';
  mesh.run(20_000);
  mesh.changes.length = 0;
  return mesh;
}

function held(mesh: VirtualMesh, options: RecordOptions): MemberRecord {
  const { version = 0, address = '' } = mesh.shown('n0', 'n2') ?? {};
  return recordOf({ id: 'n2', version, address, ...options });
}

/** `n1` speaks with `n0` and shows this record in its digest. */
function hearDigest(mesh: VirtualMesh, record: MemberRecord): void {
  mesh.poke('n0', {
    kind: 'heartbeatReceived',
    call: -1,
    message: { source: nodeId('n1'), mesh: 'default', sentAt: unixMillis(EPOCH), digest: digestOf([record]) },
  });
}

/** The digests that `n0` sends to others from now on. */
function digestsSent(mesh: VirtualMesh): readonly Digest[] {
  const sent: Digest[] = [];
  mesh.watch = (name, effect) => {
    if (name === 'n0' && effect.kind === 'sendHeartbeat' && effect.address !== 'n2:1') sent.push(effect.message.digest);
  };
  return sent;
}

function statesOfN2(mesh: VirtualMesh): readonly (string | undefined)[] {
  return mesh.changes.filter(({ observer, id }) => observer === 'n0' && id === 'n2').map(({ to }) => to);
}

describe('a verdict reached while nobody was heard', () => {
  it('is not spoken of', () => {
    const mesh = cutOff();
    const sent = digestsSent(mesh);
    mesh.run(5_000);
    expect(sent.length).toBeGreaterThan(0);
    const n2 = nodeId('n2');
    expect(sent.filter((digest) => digest.has(n2))).toEqual([]);
  });

  it('is void when somebody shows the member alive', () => {
    const mesh = cutOff();
    hearDigest(mesh, held(mesh, {}));
    expect(mesh.state('n0', 'n2')).toBe('HEALTHY');
    expect(mesh.state('n0', 'n1')).toBe('HEALTHY');
  });

  it('becomes a suspicion with the first contact, when nobody says anything of the member', () => {
    const mesh = cutOff();
    hearDigest(mesh, recordOf({ id: 'n1', version: EPOCH }));
    expect(mesh.state('n0', 'n2')).toBe('SUSPECTED_DEAD');
  });

  it.each([
    ['older', -1, 'HEALTHY'],
    ['suspected', 0, 'SUSPECTED_DEAD'],
    ['dead', 0, 'DEAD'],
  ] as const)('is not void when somebody shows the member %s', (_what, newer, state) => {
    const mesh = cutOff();
    const { version } = held(mesh, {});
    hearDigest(mesh, held(mesh, { version: version + newer, state }));
    expect(statesOfN2(mesh)).toEqual(['SUSPECTED_DEAD']);
  });

  it('gives way to a goodbye, of which the node speaks from then on', () => {
    const mesh = cutOff();
    const goodbye = held(mesh, { version: EPOCH + mesh.now, state: 'DEAD', left: true });
    mesh.poke('n0', pushed([goodbye], 'n1'));
    const sent = digestsSent(mesh);
    mesh.run(3_000);
    const spoken: readonly (Claim | undefined)[] = sent.map((digest) => digest.get(nodeId('n2')));
    expect(spoken.length).toBeGreaterThan(0);
    for (const claim of spoken) expect(claim === undefined ? -1 : compareClaims(claim, goodbye)).toBe(0);
  });
});

describe('a cycle or two without any contact', () => {
  it('delays a death by as much, and does not begin the counting anew', () => {
    const mesh = formedMesh(3, 11);
    mesh.kill('n2');
    const killed = mesh.now;
    mesh.run(6_200);
    mesh.reaches = () => false;
    mesh.run(2_200);
    mesh.reaches = () => true;
    mesh.runUntil(() => ['n0', 'n1'].every((id) => mesh.state(id, 'n2') === 'DEAD'), 60_000);
    expect(mesh.now - killed).toBeLessThan(15_000);
  });
});
