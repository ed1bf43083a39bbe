import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bell } from '../../../../src/cli/client/bell.ts';
import { eventually } from '../../../helpers/eventually.ts';

const NODE = { url: new URL('http://node.example:8080/muster'), token: 'abc' };
const NEVER = 3_600_000;

let end: AbortController;
let streams: ReadableStreamDefaultController<Uint8Array>[];
let asked: [unknown, RequestInit | undefined][];
let status: number;

beforeEach(() => {
  [end, streams, asked, status] = [new AbortController(), [], [], 200];
  const answer: typeof fetch = async (url, init) => {
    asked.push([url, init]);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        streams.push(controller);
        init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
      },
    });
    return new Response(body, { status });
  };
  vi.stubGlobal('fetch', answer);
});

afterEach(() => {
  end.abort();
  vi.unstubAllGlobals();
});

const timing = (changes: object) => ({ silence: NEVER, reopen: NEVER, ...changes });

async function isAsked(times: number): Promise<void> {
  await eventually({
    what: `asked ${times} times`,
    deadlineMs: 5_000,
    read: () => asked.length,
    until: (n) => n >= times,
  });
}

describe('the bell of a watch', () => {
  it('asks for the watch, with the token', () => {
    void new Bell(NODE, end.signal, timing({}));
    expect(asked[0]?.[0]).toEqual(new URL('http://node.example:8080/muster/api/v1alpha1/memberlist?watch=true'));
    expect(asked[0]?.[1]?.headers).toMatchObject({ authorization: 'Bearer abc' });
  });

  it('rings when the node tells something, also when nobody was waiting, and once', async () => {
    const bell = new Bell(NODE, end.signal, timing({}));
    const waiting = bell.wait(NEVER);
    streams[0]?.enqueue(new Uint8Array(1));
    await waiting;
    streams[0]?.enqueue(new Uint8Array(1));
    await new Promise(setImmediate);
    await bell.wait(NEVER);
    const another = bell.wait(NEVER);
    expect(await Promise.race([another, new Promise((resolve) => setImmediate(resolve, 'quiet'))])).toBe('quiet');
    end.abort();
    await another;
  });

  it('is waited for no longer than was said', async () => {
    const bell = new Bell(NODE, end.signal, timing({}));
    await expect(bell.wait(10)).resolves.toBeUndefined();
  });

  it('opens the watch again when it ends', async () => {
    void new Bell(NODE, end.signal, timing({ reopen: 1 }));
    await isAsked(1);
    streams[0]?.close();
    await isAsked(2);
  });

  it('opens the watch again when it is refused', async () => {
    status = 503;
    void new Bell(NODE, end.signal, timing({ reopen: 1 }));
    await isAsked(3);
  });

  it('opens the watch again when it falls silent', async () => {
    void new Bell(NODE, end.signal, timing({ reopen: 1, silence: 20 }));
    await isAsked(3);
  });
});
