import { describe, expect, it } from 'vitest';
import { TokenSet } from '../../../src/http/auth/tokens.ts';
import { MEMBERLIST } from './fixture.ts';
import {
  authentications,
  bearer,
  READ_TOKEN,
  setUpOpen,
  setUpSecured,
  tokenSet,
  WRITE_PATH,
  WRITE_TOKEN,
} from './secured.ts';

describe('bearer tokens of a file', () => {
  it('are asked for, in one shape and with the challenge of RFC 6750', async () => {
    const { app, metrics } = setUpSecured();
    const answer = await app.inject(MEMBERLIST);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="muster"');
    expect(answer.json()).toMatchObject({ statusCode: 401, code: 'UNAUTHENTICATED', requestId: 'generated-id' });
    expect(await authentications(metrics)).toEqual({ 'none missing': 1 });
  });

  it('let read, or read and write', async () => {
    const { app, metrics } = setUpSecured();
    const ask = async (token: string, method: 'GET' | 'PUT', url: string) =>
      (await app.inject({ method, url, headers: bearer(token) })).statusCode;
    expect(await ask(READ_TOKEN, 'GET', MEMBERLIST)).toBe(200);
    expect(await ask(WRITE_TOKEN, 'GET', MEMBERLIST)).toBe(200);
    expect(await ask(WRITE_TOKEN, 'PUT', WRITE_PATH)).toBe(200);
    const refused = await app.inject({ method: 'PUT', url: WRITE_PATH, headers: bearer(READ_TOKEN) });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'FORBIDDEN' });
    expect(refused.headers['www-authenticate']).toContain('insufficient_scope');
    expect(await authentications(metrics)).toEqual({ 'bearer ok': 3, 'bearer forbidden': 1 });
  });

  it.each([
    ['an unknown one', 'Bearer wrong-0123456789abcdef'],
    ['the beginning of a known one', `Bearer ${READ_TOKEN.slice(0, -1)}`],
    ['a known one and more', `Bearer ${READ_TOKEN}a`],
    ['another scheme', `Basic ${READ_TOKEN}`],
    ['no scheme', READ_TOKEN],
    ['nothing', ''],
    ['two', `Bearer ${READ_TOKEN} ${WRITE_TOKEN}`],
    ['what looks like an unsigned JWT', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
  ])('refuse %s', async (_what, authorization) => {
    const { app, metrics } = setUpSecured();
    const answer = await app.inject({ url: MEMBERLIST, headers: { authorization } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(await authentications(metrics)).toEqual({ 'bearer invalid': 1 });
  });

  it('follow the file: several at once, and an old one stops working', async () => {
    const { app, file } = setUpSecured({ tokens: `read ${READ_TOKEN}` });
    const status = async (token: string) => (await app.inject({ url: MEMBERLIST, headers: bearer(token) })).statusCode;
    expect([await status(READ_TOKEN), await status(WRITE_TOKEN)]).toEqual([200, 401]);
    file.current = tokenSet(`read ${READ_TOKEN}\nread ${WRITE_TOKEN}`);
    expect([await status(READ_TOKEN), await status(WRITE_TOKEN)]).toEqual([200, 200]);
    file.current = tokenSet(`read ${WRITE_TOKEN}`);
    expect([await status(READ_TOKEN), await status(WRITE_TOKEN)]).toEqual([401, 200]);
  });

  it('leave the probes and the metrics open', async () => {
    const { app } = setUpSecured();
    for (const url of ['/livez', '/healthz', '/readyz', '/metrics']) {
      expect((await app.inject(url)).statusCode, url).toBe(200);
    }
  });

  it('are in no line of the log', async () => {
    const { app, lines } = setUpSecured();
    await app.inject({ url: MEMBERLIST, headers: bearer(READ_TOKEN) });
    await app.inject({ method: 'POST', url: '/login', payload: { token: READ_TOKEN } });
    expect(lines.length).toBeGreaterThan(1);
    expect(JSON.stringify(lines)).not.toContain(READ_TOKEN);
  });
});

describe('a token file', () => {
  it('has comments, empty lines and blanks around', () => {
    const tokens = tokenSet(`# old\r\nread   ${READ_TOKEN}\r\n\n  read-write ${WRITE_TOKEN}  \n`);
    expect(tokens.size).toBe(2);
    expect(tokens.find(READ_TOKEN)?.rights).toBe('read');
    expect(tokens.find(WRITE_TOKEN)?.rights).toBe('read-write');
  });

  it.each([
    [`read ${READ_TOKEN}\nwrite ${WRITE_TOKEN}`, 'line 2: must begin with "read" or "read-write"'],
    ['read short-secret', 'line 1: the token must be 16 to 512 letters, digits or any of ._~+/=-'],
    [`read ${READ_TOKEN} mine`, 'line 1: must be two words, the rights and the token'],
    ['read "0123456789abcdef"', 'line 1: the token must be'],
  ])('that is wrong says where, and not what: %j', (text, problem) => {
    const parsed = TokenSet.parse(text);
    expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(problem) });
    expect(JSON.stringify(parsed)).not.toMatch(/secret|0123456789/);
  });
});

async function change(options: object = {}, headers: Record<string, string> = {}) {
  const { app } = setUpOpen();
  return app.inject({ method: 'PUT', url: WRITE_PATH, headers: { host: 'localhost:8080', ...headers }, ...options });
}

describe('without authentication', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('%s may change things', async (remoteAddress) => {
    expect((await change({ remoteAddress })).statusCode).toBe(200);
  });

  it.each(['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::1'])('%s may not', async (remoteAddress) => {
    const answer = await change({ remoteAddress });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('a local proxy does not lend its address', async () => {
    expect((await change({}, { 'x-forwarded-for': '10.0.0.7' })).statusCode).toBe(403);
    expect((await change({}, { forwarded: 'for=10.0.0.7' })).statusCode).toBe(403);
  });

  it('a name that was made to point here does not help', async () => {
    expect((await change({}, { host: 'evil.example' })).statusCode).toBe(403);
    expect((await change({}, { host: '127.0.0.1:8080' })).statusCode).toBe(200);
    expect((await change({}, { host: '[::1]:8080' })).statusCode).toBe(200);
  });

  it('everybody may read', async () => {
    const { app } = setUpOpen();
    expect((await app.inject({ url: MEMBERLIST, remoteAddress: '10.0.0.7' })).statusCode).toBe(200);
  });
});

describe('pages of other origins', () => {
  const local = { host: 'localhost:8080' };

  const refusal = { statusCode: 403, code: 'CROSS_ORIGIN' };

  it.each([
    [{ origin: 'https://evil.example' }, refusal],
    [{ origin: 'null' }, refusal],
    [{ origin: 'http://localhost:9999' }, refusal],
    [{ 'sec-fetch-site': 'cross-site' }, refusal],
    [{ 'sec-fetch-site': 'same-site' }, refusal],
    [{ origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }, { changed: true }],
    [{ 'sec-fetch-site': 'none' }, { changed: true }],
    [{}, { changed: true }],
  ])('change something with %j: %j', async (headers, outcome) => {
    const { app } = setUpOpen();
    const answer = await app.inject({ method: 'POST', url: WRITE_PATH, headers: { ...local, ...headers } });
    expect(answer.json()).toMatchObject(outcome);
  });

  it('open no WebSocket, which no same-origin policy would hold back', async () => {
    const { app } = setUpOpen();
    const headers = { ...local, origin: 'https://evil.example', upgrade: 'websocket', connection: 'upgrade' };
    expect((await app.inject({ url: MEMBERLIST, headers })).json()).toMatchObject({ code: 'CROSS_ORIGIN' });
    const own = { ...headers, origin: 'http://localhost:8080' };
    expect((await app.inject({ url: MEMBERLIST, headers: own })).statusCode).toBe(200);
  });

  it('are let through where they are on the list, or bring a token of their own', async () => {
    const open = setUpOpen({ corsOrigins: ['https://console.example'] });
    const headers = { ...local, origin: 'https://console.example' };
    expect((await open.app.inject({ method: 'POST', url: WRITE_PATH, headers })).statusCode).toBe(200);
    const { app } = setUpSecured();
    const withToken = { origin: 'https://other.example', ...bearer(WRITE_TOKEN) };
    expect((await app.inject({ method: 'POST', url: WRITE_PATH, headers: withToken })).statusCode).toBe(200);
  });
});
