import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HTTP_ERRORS, MAX_URL_CHARACTERS } from '../../../src/http/errors.ts';
import { FakePort, MEMBERLIST, setUp, standing } from './fixture.ts';

class BrokenPort extends FakePort {
  override members(): never {
    throw new Error('the secret cause');
  }
}

/** Sends bytes and reads until the server closes. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('the probes', () => {
  it.each(['/healthz', '/livez'])('%s answers while the process serves', async (url) => {
    const { app, port } = setUp();
    port.stands = standing({ leaving: true, firstRoundTried: false });
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: 'ok' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['listens and has tried a round', true, {}, 200, { status: 'ready' }],
    ['does not listen yet', false, {}, 503, { status: 'not_ready', reason: 'not_listening' }],
    [
      'has tried no round',
      true,
      { firstRoundTried: false },
      503,
      { status: 'not_ready', reason: 'first_round_pending' },
    ],
    ['leaves', true, { leaving: true }, 503, { status: 'not_ready', reason: 'leaving' }],
    ['has left', false, { leaving: true }, 503, { status: 'not_ready', reason: 'leaving' }],
    ['is isolated', true, { isolated: true }, 200, { status: 'ready', isolated: true }],
    ['waits, being alone', true, { waitingFor: ['a:1'] }, 200, { status: 'ready', waitingFor: ['a:1'] }],
    [
      'has a double and no round',
      true,
      { firstRoundTried: false, duplicateAddresses: ['b:2'], isolated: true },
      503,
      { status: 'not_ready', reason: 'first_round_pending', isolated: true, duplicateAddresses: ['b:2'] },
    ],
  ])('/readyz when the node %s', async (_when, listens, stands, status, body) => {
    const { app, port } = setUp();
    port.listens = listens;
    port.stands = standing(stands);
    const answer = await app.inject('/readyz');
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toStrictEqual(body);
  });

  it('/metrics answers in the Prometheus format', async () => {
    const { app } = setUp();
    const answer = await app.inject('/metrics');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toContain('# TYPE muster_members gauge');
  });
});

describe('the root', () => {
  it('leads to the memberlist', async () => {
    const { app } = setUp();
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe(MEMBERLIST);
  });
});

describe('errors', () => {
  it('have one shape', async () => {
    const { app } = setUp();
    const answer = await app.inject('/nowhere');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'generated-id',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      vary: 'Accept',
    });
    expect(answer.json()).toStrictEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'There is nothing at this path.',
      requestId: 'generated-id',
      code: 'NOT_FOUND',
    });
  });

  it.each([
    ['GET', '/nowhere', 'NOT_FOUND'],
    ['GET', `${MEMBERLIST}/`, 'NOT_FOUND'],
    ['GET', '/undecodable', 'NOT_FOUND'],
    ['POST', '/nowhere', 'NOT_FOUND'],
    ['GET', '/%', 'BAD_URL'],
    ['GET', '/%zz', 'BAD_URL'],
    ['GET', '/%ff', 'BAD_URL'],
    ['GET', `${MEMBERLIST}?x=%e0%a4`, 'BAD_URL'],
    ['DELETE', '/%', 'BAD_URL'],
    ['GET', `${MEMBERLIST}?x=${'a'.repeat(MAX_URL_CHARACTERS)}`, 'URL_TOO_LONG'],
    ['GET', `/${'a'.repeat(MAX_URL_CHARACTERS)}`, 'URL_TOO_LONG'],
    ['DELETE', `/api/v1alpha1/members/${'a'.repeat(1_000)}`, 'NO_SUCH_MEMBER'],
    ['DELETE', `/api/v1alpha1/members/${'a'.repeat(MAX_URL_CHARACTERS)}`, 'URL_TOO_LONG'],
  ] as const)('%s %.60s: %s', async (method, url, code) => {
    const { app } = setUp();
    const answer = await app.inject({ method, url });
    expect(answer.statusCode).toBe(HTTP_ERRORS[code]);
    expect(answer.json()).toMatchObject({ statusCode: HTTP_ERRORS[code], code, requestId: 'generated-id' });
    expect(answer.headers['x-request-id']).toBe('generated-id');
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'] as const)('%s is not allowed', async (method) => {
    const { app } = setUp();
    const url = `${MEMBERLIST}?peerState=DEAD`;
    const answer = await app.inject({ method, url, headers: { 'content-type': 'a/b' }, payload: '{' });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect(answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  it.each([
    ['GET', '/api/v1alpha1/local/join', 'POST'],
    ['POST', '/api/v1alpha1/local/metadata', 'GET, HEAD, PATCH, PUT'],
    ['GET', '/api/v1alpha1/members/a%2Fb?x=1', 'DELETE'],
    ['PUT', '/members/a', 'GET, HEAD'],
  ] as const)('%s %s is not allowed, but %s', async (method, url, allow) => {
    for (const corsOrigins of [[], ['https://console.example.com']]) {
      const answer = await setUp({ corsOrigins }).app.inject({ method, url });
      expect(answer.statusCode).toBe(405);
      expect(answer.headers.allow).toBe(allow);
    }
  });

  it.each([
    ['POST', '/nowhere'],
    ['DELETE', '/api/v1alpha1/members/a/b'],
  ] as const)('%s %.40s is nowhere, with pages of other origins or without', async (method, url) => {
    for (const corsOrigins of [[], ['https://console.example.com']]) {
      expect((await setUp({ corsOrigins }).app.inject({ method, url })).statusCode).toBe(404);
    }
  });

  it('tell the client nothing of a mistake of ours, and the log all', async () => {
    const { app, lines } = setUp({ port: new BrokenPort() });
    const answer = await app.inject(MEMBERLIST);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/secret|at .*\.ts/);
    expect(answer.json()).toMatchObject({
      code: 'INTERNAL',
      error: 'Internal Server Error',
      requestId: 'generated-id',
    });
    expect(answer.headers).not.toHaveProperty('etag');
    const line = lines.find(({ code }) => code === 'HTTP_HANDLER_FAILED');
    expect(line).toMatchObject({ requestId: 'generated-id', err: { message: 'the secret cause' } });
  });

  it('come as a page where that is preferred', async () => {
    const { app } = setUp();
    const headers = { accept: 'text/html,*/*;q=0.8' };
    const answer = await app.inject({ url: `${MEMBERLIST}?labelSelector=<b>`, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.body).toContain('<title>400 Bad Request · Muster</title>');
    expect(answer.body).toContain('at character 1: expected a label key, found &#39;&lt;&#39;');
    expect(answer.body).toContain('BAD_LABEL_SELECTOR');
    expect(answer.body).toContain('generated-id');
    expect((await app.inject({ url: '/%', headers })).body).toContain('BAD_URL');
  });

  it('are JSON for a client that takes neither', async () => {
    const { app } = setUp();
    const answer = await app.inject({ url: '/nowhere', headers: { accept: 'image/png' } });
    expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('request ids', () => {
  it.each(['abc', 'A-1_b.c', 'x'.repeat(128)])('keep %.20s', async (given) => {
    const { app } = setUp();
    const answer = await app.inject({ url: '/livez', headers: { 'x-request-id': given } });
    expect(answer.headers['x-request-id']).toBe(given);
  });

  it.each(['', 'two words', 'x'.repeat(129), 'a"b', '<b>', 'a,b'])('replace %.20j', async (given) => {
    const { app } = setUp();
    const answer = await app.inject({ url: '/livez', headers: { 'x-request-id': given } });
    expect(answer.headers['x-request-id']).toBe('generated-id');
  });

  it('are 16 random bytes when nobody says otherwise', async () => {
    const { port, metrics } = setUp();
    const { app } = setUp({ port, metrics, generateRequestId: undefined } as object);
    const first = (await app.inject('/livez')).headers['x-request-id'];
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect((await app.inject('/livez')).headers['x-request-id']).not.toBe(first);
  });
});

describe('what is told of requests', () => {
  it('counts them by route, method and status, and no client can make up more', async () => {
    const { app, metrics } = setUp();
    await app.inject(MEMBERLIST);
    await app.inject(`${MEMBERLIST}?peerState=DEAD`);
    await app.inject({ method: 'HEAD', url: MEMBERLIST });
    await app.inject('/made/up/1');
    await app.inject('/made/up/2');
    await app.inject('/%');
    await app.inject({ method: 'PROPFIND', url: '/livez' });
    const { values } = await metrics.httpRequests.get();
    const counts = values.map(({ labels, value }) => `${labels.method} ${labels.route} ${labels.status} ${value}`);
    expect(counts.toSorted()).toEqual([
      `GET ${MEMBERLIST} 200 2`,
      'GET unmatched 400 1',
      'GET unmatched 404 2',
      `HEAD ${MEMBERLIST} 200 1`,
      'OTHER unmatched 405 1',
    ]);
  });

  it('logs them at debug, without their queries', async () => {
    const { app, lines } = setUp();
    await app.inject(`${MEMBERLIST}?labelSelector=mine`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 20,
      code: 'HTTP_REQUEST',
      method: 'GET',
      route: MEMBERLIST,
      status: 200,
      requestId: 'generated-id',
      durationMs: expect.any(Number),
    });
    expect(JSON.stringify(lines)).not.toContain('mine');
  });
});

describe('on a real connection', () => {
  it.each([
    ['without a host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'BAD_REQUEST'],
    ['with an expectation', 'GET /livez HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n', 200, 'ok'],
    ['of HTTP/1.0', 'GET /livez HTTP/1.0\r\n\r\n', 200, 'ok'],
  ])('a request %s passes all stages', async (_what, bytes, status, word) => {
    const { app, metrics } = setUp();
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    try {
      const [head, body] = (await exchange(Number(new URL(address).port), bytes)).split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head?.toLowerCase()).toContain('x-request-id: generated-id');
      expect(body).toContain(word);
      expect((await metrics.httpRequests.get()).values[0]?.labels).toMatchObject({ status: String(status) });
    } finally {
      await app.close();
    }
  });

  it.each([
    ['what is no HTTP', '\u0016\u0003\u0001 hello\r\n\r\n', 'BAD_REQUEST'],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
  ] as const)('answers %s in the same shape', async (_what, bytes, code) => {
    const { app, metrics } = setUp();
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    try {
      const answer = await exchange(Number(new URL(address).port), bytes);
      const [head, body] = answer.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${HTTP_ERRORS[code]} `));
      expect(JSON.parse(body ?? '')).toMatchObject({
        statusCode: HTTP_ERRORS[code],
        code,
        requestId: 'generated-id',
        error: expect.any(String),
        message: expect.any(String),
      });
      expect((await metrics.httpRequests.get()).values).toEqual([
        { labels: { route: 'unmatched', method: 'OTHER', status: String(HTTP_ERRORS[code]) }, value: 1 },
      ]);
    } finally {
      await app.close();
    }
  });
});
