import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchMemberlist } from '../../../src/cli/memberlist-client.ts';
import { listed, NOON } from './fixture.ts';

const BASE = new URL('http://node.example:8080');
const ALL = { states: [] };

/** Lets every request be answered in this way. */
function answering(body: string | ReadableStream<Uint8Array>, init: ResponseInit = {}) {
  const fake = vi.fn<typeof fetch>(async () => new Response(body, init));
  vi.stubGlobal('fetch', fake);
  return fake;
}

async function problemWith(body: string | ReadableStream<Uint8Array>, init?: ResponseInit) {
  answering(body, init);
  const fetched = await fetchMemberlist(BASE, ALL);
  return fetched.ok ? undefined : fetched.error;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('fetching a memberlist', () => {
  it('asks for the selector and every state, beneath the path of the address', async () => {
    const fake = answering('[]');
    await fetchMemberlist(new URL('http://gate.example/muster/'), {
      selector: 'a in (b, c)',
      states: ['DEAD', 'HEALTHY'],
    });
    expect(fake.mock.calls[0]?.[0]).toEqual(
      new URL(
        'http://gate.example/muster/api/v1alpha1/memberlist?labelSelector=a+in+%28b%2C+c%29&peerState=DEAD&peerState=HEALTHY',
      ),
    );
    expect(fake.mock.calls[0]?.[1]).toMatchObject({ redirect: 'manual', headers: { accept: 'application/json' } });
  });

  it('brings a token when there is one', async () => {
    const fake = answering('[]');
    await fetchMemberlist(BASE, { ...ALL, token: 'abc' });
    expect(fake.mock.calls[0]?.[1]?.headers).toEqual({ accept: 'application/json', authorization: 'Bearer abc' });
  });

  it('gives the members, what came, and the time of the node', async () => {
    const raw = [{ ...listed('a'), rack: 7 }];
    answering(JSON.stringify(raw), { headers: { date: new Date(NOON).toUTCString() } });
    const fetched = await fetchMemberlist(BASE, ALL);
    expect(fetched).toEqual({ ok: true, value: { members: [listed('a')], raw, asOf: NOON } });
  });

  it.each<[string, string, string]>([
    ['no JSON', '<html>', 'not JSON'],
    ['no list', '{}', 'expected array'],
    ['a member without an id', JSON.stringify([listed('a'), { ...listed('b'), id: undefined }]), 'member 2: id: '],
    ['an unknown state', JSON.stringify([{ ...listed('a'), peerState: 'FINE' }]), 'member 1: peerState: '],
    ['a time that is none', JSON.stringify([{ ...listed('a'), lastSeen: 'yesterday' }]), 'member 1: lastSeen: '],
    ['too long an id', JSON.stringify([listed('x'.repeat(254))]), 'member 1: id: '],
    [
      'too many labels',
      JSON.stringify([
        listed('a', { state: { labels: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, ''])) } }),
      ]),
      'member 1: state.labels: more than 64 labels',
    ],
  ])('refuses %s', async (_what, body, message) => {
    const problem = await problemWith(body);
    expect(problem?.kind).toBe('refused');
    expect(problem?.message).toContain('http://node.example:8080 does not answer with a memberlist: ');
    expect(problem?.message).toContain(message);
  });

  it('stops reading after 16 MiB', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(chunk);
      },
    });
    expect((await problemWith(endless))?.message).toContain('more than 16 MiB');
    expect(sent).toBeLessThan(20);
  });

  it('repeats what the node says of a bad query, without what a terminal obeys', async () => {
    const body = JSON.stringify({ message: 'labelSelector: at character 3:\u001B[31m no\nline' });
    expect(await problemWith(body, { status: 400 })).toEqual({
      kind: 'refused',
      message: 'labelSelector: at character 3:[31m noline',
    });
  });

  it.each([
    [404, 'NO_SUCH_MEMBER', 'No member has this id.'],
    [404, 'NOT_FOUND', 'http://node.example:8080 answers 404: No member has this id.'],
    [409, 'LEAVING', 'No member has this id.'],
  ])('lets an error of Muster speak for itself where it says all: %d %s', async (status, code, message) => {
    const body = JSON.stringify({ message: 'No member has this id.', code });
    expect(await problemWith(body, { status })).toEqual({ kind: 'refused', message });
  });

  it.each<[number, string, string]>([
    [302, 'refused', 'http://node.example:8080 answers 302'],
    [400, 'refused', 'http://node.example:8080 answers 400'],
    [404, 'refused', 'http://node.example:8080 answers 404'],
    [429, 'failed', 'http://node.example:8080 answers 429'],
    [503, 'failed', 'http://node.example:8080 answers 503'],
  ])('tells of the status %d', async (status, kind, message) => {
    expect(await problemWith('<html>', { status })).toEqual({ kind, message });
  });

  it.each<[unknown, string]>([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'connection refused'],
    [Object.assign(new Error('lookup'), { code: 'ENOTFOUND' }), 'no such host'],
    [new Error('odd\u001B[31m\nthing'), 'odd[31mthing'],
  ])('tells why there is no connection: %s', async (cause, reason) => {
    vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockRejectedValue(new TypeError('fetch failed', { cause })));
    expect(await fetchMemberlist(BASE, ALL)).toEqual({
      ok: false,
      error: { kind: 'unreachable', message: `http://node.example:8080 can not be reached: ${reason}` },
    });
  });
});
