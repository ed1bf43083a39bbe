import { EventEmitter, once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HttpAppOptions } from '../../../src/http/app.ts';
import { TokenBuckets } from '../../../src/http/rate-limit.ts';
import { eventually } from '../../helpers/eventually.ts';
import { FakePort, MEMBERLIST, member, setUp } from './fixture.ts';
import { bearer, setUpSecured, WRITE_PATH, WRITE_TOKEN } from './secured.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const SMALL = { rate: 1, burst: 3 };
const MEBIBYTE = 2 ** 20;

/** An app with routes that misbehave. */
function setUpWith(options: Partial<HttpAppOptions> = {}) {
  const made = setUp({ rateLimit: { rate: 1_000, burst: 1_000 }, ...options });
  const { app } = made;
  app.after(() => {
    app.get('/throws', async () => {
      throw new Error('the secret cause');
    });
    app.get('/throws-nothing', async () => {
      // What a library may do for all we know.
      throw undefined as unknown as Error;
    });
    app.get('/throws-encoded', async (_request, reply) => {
      reply.header('content-encoding', 'br');
      throw new Error('the secret cause');
    });
    app.get('/hangs', async () => new Promise(() => undefined));
    app.post('/takes', (request, reply) => {
      reply.send({ took: JSON.stringify(request.body).length });
    });
    app.get('/text', async (_request, reply) => reply.type('text/plain').send('a'.repeat(5_000)));
    app.get('/picture', async (_request, reply) => reply.type('image/png').send(Buffer.alloc(5_000)));
  });
  return made;
}

function fleet(size: number) {
  const port = new FakePort();
  port.list = Array.from({ length: size }, (_, index) => member(`n-${index}`));
  return port;
}

describe('recovery', () => {
  it.each(['/throws', '/throws-nothing'])('%s is a 500 with the request id and nothing more', async (url) => {
    const { app } = setUpWith();
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'INTERNAL', requestId: 'generated-id' });
    expect(answer.body).not.toMatch(/secret|\.ts|at /);
    expect((await app.inject('/livez')).statusCode).toBe(200);
  });
});

describe('an error in the midst of encoding an answer', () => {
  it('is answered plainly', async () => {
    const { app } = setUpWith();
    const answer = await app.inject('/throws-encoded');
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.json()).toMatchObject({ code: 'INTERNAL' });
  });
});

describe('security headers', () => {
  it.each(['/livez', MEMBERLIST, '/nowhere', '/throws', '/login'])('are on %s', async (url) => {
    const { app } = setUpWith();
    expect((await app.inject(url)).headers).toMatchObject({
      'x-request-id': 'generated-id',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it.each([MEMBERLIST, '/nowhere', '/metrics'])('let nothing run that is no page: %s', async (url) => {
    const { headers } = await setUp().app.inject(url);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
  });

  it('have no HSTS without TLS', async () => {
    expect((await setUp().app.inject('/livez')).headers).not.toHaveProperty('strict-transport-security');
  });
});

const origin = 'https://console.example';
const preflight = (from: string) => ({
  method: 'OPTIONS' as const,
  url: MEMBERLIST,
  headers: { origin: from, 'access-control-request-method': 'PUT' },
});

describe('CORS', () => {
  it('is off by default', async () => {
    const { app } = setUp();
    const answer = await app.inject({ url: MEMBERLIST, headers: { origin } });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await app.inject(preflight(origin))).statusCode).toBe(405);
  });

  it('answers the preflight of an origin on the list, before anybody must log in', async () => {
    const { app } = setUpSecured({ corsOrigins: [origin] });
    const answer = await app.inject(preflight(origin));
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': expect.stringContaining('PUT'),
      'access-control-allow-headers': expect.stringContaining('Authorization'),
      'access-control-max-age': '600',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('allows no other origin', async () => {
    const { app } = setUp({ corsOrigins: [origin] });
    for (const other of ['https://evil.example', `${origin}.evil.example`, 'null']) {
      const answer = await app.inject(preflight(other));
      expect(answer.headers['access-control-allow-origin']).not.toBe(other);
      expect(answer.headers['access-control-allow-origin']).not.toBe('*');
    }
  });
});

/** Asks through a proxy at 10.1.0.1 that names the client. */
async function forwarded(app: ReturnType<typeof setUp>['app'], client: string): Promise<number> {
  const headers = { 'x-forwarded-for': client };
  return (await app.inject({ url: '/livez', remoteAddress: '10.1.0.1', headers })).statusCode;
}

describe('the rate limit', () => {
  it('tells on every answer what is left, and refuses what is too much', async () => {
    const { app, metrics } = setUp({ rateLimit: SMALL });
    const ask = async (remoteAddress: string) => app.inject({ url: '/nowhere', remoteAddress });
    for (const left of [2, 1, 0]) {
      expect((await ask('10.0.0.7')).headers).toMatchObject({
        'ratelimit-limit': '3',
        'ratelimit-remaining': String(left),
      });
    }
    const refused = await ask('10.0.0.7');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'ratelimit-remaining': '0', 'ratelimit-reset': '1' });
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS', requestId: 'generated-id' });
    expect((await ask('10.0.0.8')).statusCode).toBe(404);
    const { values } = await metrics.httpRequests.get();
    expect(values.find(({ labels }) => labels.status === '429')?.value).toBe(1);
  });

  it('is one for a network of IPv6, of which every client has as many addresses as it likes', async () => {
    const { app } = setUp({ rateLimit: { rate: 1, burst: 1 } });
    const ask = async (remoteAddress: string) => (await app.inject({ url: '/livez', remoteAddress })).statusCode;
    expect([await ask('2001:db8::1'), await ask('2001:db8::ffff:2'), await ask('2001:db8:0:1::1')]).toEqual([
      200, 429, 200,
    ]);
    expect([await ask('10.0.0.7'), await ask('::ffff:10.0.0.7')]).toEqual([200, 429]);
  });

  it('comes before authentication, so that nobody can guess tokens faster', async () => {
    const { app } = setUpSecured({ rateLimit: SMALL });
    const statuses = [];
    for (let guess = 0; guess < 5; guess += 1) {
      statuses.push((await app.inject({ url: MEMBERLIST, headers: bearer(`guess-0123456789${guess}`) })).statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  it('believes X-Forwarded-For only of a trusted proxy', async () => {
    const trusting = setUp({ rateLimit: { rate: 1, burst: 1 }, trustedProxies: ['10.1.0.0/16'] }).app;
    expect([
      await forwarded(trusting, '1.1.1.1'),
      await forwarded(trusting, '2.2.2.2'),
      await forwarded(trusting, '1.1.1.1'),
    ]).toEqual([200, 200, 429]);
    const wary = setUp({ rateLimit: { rate: 1, burst: 1 } }).app;
    expect([await forwarded(wary, '1.1.1.1'), await forwarded(wary, '2.2.2.2')]).toEqual([200, 429]);
  });

  it('fills its buckets at the rate, up to the burst', () => {
    const clock = { now: 0 };
    const buckets = new TokenBuckets({ rate: 100, burst: 200 }, () => clock.now);
    const take = (times: number) => {
      let taken = 0;
      for (let time = 0; time < times; time += 1) {
        if (buckets.take('a').allowed) taken += 1;
      }
      return taken;
    };
    expect(take(500)).toBe(200);
    clock.now += 1_000;
    expect(take(500)).toBe(100);
    clock.now += 10;
    expect(take(500)).toBe(1);
    clock.now += 60_000;
    expect(take(500)).toBe(200);
  });
});

describe('compression', () => {
  const decoders: Record<string, (body: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['identity', undefined],
    ['deflate', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['', undefined],
  ])('for %j is %s', async (accept, encoding) => {
    const { app } = setUp({ port: fleet(20) });
    const plain = await app.inject(MEMBERLIST);
    const answer = await app.inject({ url: MEMBERLIST, headers: { 'accept-encoding': accept } });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toBe('Accept, Accept-Encoding');
    expect(Number(answer.headers['content-length'])).toBe(answer.rawPayload.length);
    const body = encoding === undefined ? answer.rawPayload : decoders[encoding]?.(answer.rawPayload);
    expect(body).toEqual(plain.rawPayload);
  });

  it('is the same whole answer for one revision and second, made once', async () => {
    const port = fleet(50);
    const { app } = setUp({ port });
    const ask = async () => app.inject({ url: MEMBERLIST, headers: { 'accept-encoding': 'br' } });
    const [first, second] = [await ask(), await ask()];
    expect(second.rawPayload).toEqual(first.rawPayload);
    expect(port.asked).toBe(1);
    port.list = port.list.slice(1);
    port.at += 1;
    expect(JSON.parse(brotliDecompressSync((await ask()).rawPayload).toString())).toHaveLength(49);
  });

  it('is for filtered lists, pages, metrics and other text too', async () => {
    const { app } = setUpWith({ port: fleet(20) });
    const ask = async (url: string, accept: string) =>
      (await app.inject({ url, headers: { accept, 'accept-encoding': 'gzip' } })).headers['content-encoding'];
    expect(await ask(`${MEMBERLIST}?peerState=HEALTHY`, '*/*')).toBe('gzip');
    expect(await ask(MEMBERLIST, 'text/html')).toBe('gzip');
    expect(await ask('/metrics', '*/*')).toBe('gzip');
    expect(await ask('/text', '*/*')).toBe('gzip');
  });

  it('is not for what is small, or no text', async () => {
    const { app } = setUpWith();
    const headers = { 'accept-encoding': 'gzip' };
    for (const url of ['/livez', '/picture', MEMBERLIST, '/nowhere']) {
      expect((await app.inject({ url, headers })).headers, url).not.toHaveProperty('content-encoding');
    }
  });
});

describe('the body limit', () => {
  it('is 1 MiB', async () => {
    const { app } = setUpWith();
    const send = async (length: number) =>
      app.inject({
        method: 'POST',
        url: '/takes',
        headers: { 'content-type': 'application/json' },
        payload: `"${'a'.repeat(length - 2)}"`,
      });
    expect((await send(MEBIBYTE)).statusCode).toBe(200);
    const answer = await send(MEBIBYTE + 1);
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE' });
  });

  it('comes with readable types and sound JSON', async () => {
    const { app } = setUpWith();
    const send = async (type: string, payload: string) => {
      const headers = { 'content-type': type };
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/takes', headers, payload });
      return [statusCode, JSON.parse(body).code];
    };
    expect(await send('application/xml', '<a/>')).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(await send('application/json', '{"a":')).toEqual([400, 'BAD_REQUEST']);
    expect(await send('application/json', '{"__proto__":{"a":1}}')).toEqual([400, 'BAD_REQUEST']);
  });
});

describe('the time limit', () => {
  it('ends what takes too long with 503', async () => {
    const { app } = setUpWith({ handlerTimeout: 30 });
    const answer = await app.inject('/hangs');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'HANDLER_TIMEOUT', requestId: 'generated-id' });
  });

  it('counts for each request by itself', async () => {
    const { app } = setUpWith({ handlerTimeout: 10_000 });
    await app.ready();
    const { asked, pass } = inVirtualTime(app);
    const first = await asked();
    await pass(6_000);
    const second = await asked();
    await pass(3_000);
    expect([first.status, second.status]).toEqual([undefined, undefined]);
    await pass(3_000);
    expect([first.status, second.status]).toEqual([503, undefined]);
    await pass(6_000);
    expect([first.status, second.status]).toEqual([503, 503]);
  });

  it('holds for a request with a body too, and is not disturbed by an answer that comes late', async () => {
    const { app, lines } = setUpWith({ handlerTimeout: 30 });
    const gate = new EventEmitter();
    app.after(() => {
      app.post('/late', async (_request, reply) => {
        await once(gate, 'open');
        return reply.send({ late: true });
      });
    });
    const answer = await app.inject({ method: 'POST', url: '/late', payload: { a: 1 } });
    expect(answer.json()).toMatchObject({ code: 'HANDLER_TIMEOUT' });
    gate.emit('open');
    expect((await app.inject('/livez')).statusCode).toBe(200);
    expect(lines.filter(({ code }) => code === 'HTTP_HANDLER_FAILED')).toEqual([]);
  });

  it('keeps nothing of a request whose client went away in the midst of the answer', async () => {
    const { app } = setUpWith();
    const seen: WeakRef<object>[] = [];
    let finished = 0;
    app.after(() => {
      app.get('/broken', (_request, reply) => {
        seen.push(new WeakRef(reply));
        reply.raw.once('finish', () => {
          finished += 1;
        });
        reply.raw.socket?.destroy();
        reply.send('nobody reads this');
      });
    });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(async () => app.close());
    for (let request = 0; request < 10; request += 1)
      await expect(fetch(`${address}/broken`)).rejects.toThrow('fetch failed');
    expect([seen.length, finished]).toEqual([10, 0]);
    await eventually({
      what: 'all are let go, long before the time limit',
      deadlineMs: 5_000,
      read: () => {
        collectGarbage();
        return seen.filter((reply) => reply.deref() !== undefined).length;
      },
      until: (left) => left <= 1,
    });
  });

  it('is 30 s unless a test says otherwise', async () => {
    const { app } = setUpWith();
    await app.ready();
    expect(app.initialConfig).toMatchObject({ requestTimeout: 30_000, bodyLimit: MEBIBYTE });
    const { asked, pass } = inVirtualTime(app);
    const hanging = await asked();
    await pass(29_000);
    expect(hanging.status).toBeUndefined();
    await pass(2_000);
    expect(hanging.status).toBe(503);
  });
});

/** Lets go on what does not wait for the clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Asks an app for what hangs, while the test moves the clock. */
function inVirtualTime(app: ReturnType<typeof setUp>['app']) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return {
    asked: async () => {
      const state: { status: number | undefined } = { status: undefined };
      app.inject('/hangs', (_error, answer) => {
        state.status = answer?.statusCode;
      });
      await settle();
      return state;
    },
    pass: async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      await settle();
    },
  };
}

describe('the order of the stages', () => {
  it.each<[string, string, object, number]>([
    ['an unknown path is no secret', 'GET', { url: '/api/v1alpha1/nothing' }, 404],
    [
      'authentication comes before the body is read',
      'PUT',
      { url: WRITE_PATH, payload: 'x'.repeat(2 * MEBIBYTE) },
      401,
    ],
    ['authentication comes before the query is checked', 'GET', { url: `${MEMBERLIST}?peerState=x` }, 401],
    ['rights come before the body is read', 'PUT', { url: WRITE_PATH, payload: '{', headers: bearer('wrong') }, 401],
    [
      'the body comes after all of them',
      'PUT',
      { url: WRITE_PATH, payload: '{', headers: { ...bearer(WRITE_TOKEN), 'content-type': 'application/json' } },
      400,
    ],
  ])('%s', async (_what, method, request, status) => {
    const { app } = setUpSecured();
    const answer = await app.inject({ method: method as 'GET', ...request });
    expect(answer.statusCode).toBe(status);
  });

  it('leaves no answer without id, security headers and rate', async () => {
    const { app } = setUpSecured({ corsOrigins: ['https://console.example'] });
    for (const url of [MEMBERLIST, '/%', '/nowhere', `/${'a'.repeat(9_000)}`, '/livez']) {
      const { headers } = await app.inject(url);
      for (const name of ['x-request-id', 'content-security-policy', 'ratelimit-remaining']) {
        expect(headers, `${name} of ${url.slice(0, 40)}`).toHaveProperty(name);
      }
    }
  });
});
