import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MEMBERLIST } from './fixture.ts';
import { authentications, bearer, setUpSecured, WRITE_PATH } from './secured.ts';

const MINUTE = 60_000;
/** Undefined takes a claim out that is there by default. */
type Claims = { readonly [Name in keyof JWTPayload]?: JWTPayload[Name] | undefined };
type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** An issuer of tokens on loopback, with its discovery document and its keys. */
class Issuer {
  readonly #server: Server;
  keys: KeyPair[] = [];
  /** How often its keys were asked for. */
  asked = 0;
  broken = false;

  constructor() {
    this.#server = createServer((request, response) => {
      if (this.broken) response.writeHead(500).end();
      else if (request.url === '/keys') void this.#sendKeys().then((body) => response.end(body));
      else response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` }));
    });
  }

  async #sendKeys(): Promise<string> {
    this.asked += 1;
    const keys = this.keys.map(async ({ publicKey }, index) => {
      return { ...(await exportJWK(publicKey)), kid: `key-${index}`, alg: 'ES256' };
    });
    return JSON.stringify({ keys: await Promise.all(keys) });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.keys = [await generateKeyPair('ES256')];
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A token of this issuer, good for five minutes from now unless the claims say otherwise. */
  async token(claims: Claims = {}, keyIndex = 0): Promise<string> {
    const key = this.keys[keyIndex]?.privateKey;
    if (key === undefined) throw new Error(`the issuer has no key ${keyIndex}`);
    const exp = Math.floor(Date.now() / 1_000) + 300;
    return new SignJWT({ iss: this.url, aud: 'muster', sub: 'somebody', exp, ...claims } as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid: `key-${keyIndex}` })
      .sign(key);
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('JWTs of an OpenID issuer', () => {
  const issuer = new Issuer();
  beforeAll(async () => issuer.start());
  afterAll(async () => issuer.stop());
  beforeEach(() => {
    issuer.asked = 0;
    issuer.broken = false;
    issuer.keys = issuer.keys.slice(0, 1);
  });

  function setUp(rules: object = {}) {
    const jwt = {
      issuer: issuer.url,
      audience: 'muster',
      writeScope: 'muster:write',
      clockTolerance: 5_000,
      ...rules,
    };
    const made = setUpSecured({ jwt });
    const ask = async (token: string) => made.app.inject({ url: MEMBERLIST, headers: bearer(token) });
    return { ...made, ask };
  }

  it('let read, and write with the scope', async () => {
    const { app, ask } = setUp();
    expect((await ask(await issuer.token())).statusCode).toBe(200);
    const change = async (scope: string) => {
      const headers = bearer(await issuer.token({ scope }));
      return (await app.inject({ method: 'PUT', url: WRITE_PATH, headers })).statusCode;
    };
    expect(await change('openid muster:write')).toBe(200);
    expect(await change('openid muster:writer')).toBe(403);
  });

  it.each<[string, Claims, string]>([
    ['expired', { exp: Math.floor(Date.now() / 1_000) - 60 }, 'bearer expired'],
    ['not valid yet', { nbf: Math.floor(Date.now() / 1_000) + 60 }, 'bearer invalid'],
    ['for another audience', { aud: 'somebody-else' }, 'bearer invalid'],
    ['of another issuer', { iss: 'https://evil.example' }, 'bearer invalid'],
    ['without an end', { exp: undefined }, 'bearer invalid'],
    ['without an audience', { aud: undefined }, 'bearer invalid'],
  ])('are refused when they are %s', async (_what, claims, counted) => {
    const { ask, metrics } = setUp();
    const answer = await ask(await issuer.token(claims));
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="muster", error="invalid_token"/);
    expect(await authentications(metrics)).toEqual({ [counted]: 1 });
  });

  it('are refused without a signature, with a broken one, and with the public key as a shared secret', async () => {
    const { ask, metrics } = setUp();
    const [header = '', payload = '', signature = ''] = (await issuer.token()).split('.');
    const publicKey = Buffer.from(JSON.stringify(await exportJWK(issuer.keys[0]?.publicKey ?? new Uint8Array())));
    const shared = await new SignJWT({ iss: issuer.url, aud: 'muster', exp: Math.floor(Date.now() / 1_000) + 300 })
      .setProtectedHeader({ alg: 'HS256', kid: 'key-0' })
      .sign(publicKey);
    const tokens = [
      `${encoded({ alg: 'none' })}.${payload}.`,
      `${encoded({ alg: 'none' })}.${payload}.${signature}`,
      `${encoded({ alg: 'none', kid: 'key-0' })}.${payload}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${encoded({ iss: issuer.url, aud: 'muster', exp: 9_999_999_999 })}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      shared,
      '..',
      'a.b.c',
    ];
    for (const token of tokens) {
      const answer = await ask(token);
      expect(answer.statusCode, token).toBe(401);
      expect(answer.headers['www-authenticate'], token).toContain('invalid_token');
    }
    expect(await authentications(metrics)).toEqual({ 'bearer invalid': tokens.length });
  });

  it('tolerate the clock as far as they were told to', async () => {
    const { ask } = setUp({ clockTolerance: 30_000 });
    const exp = Math.floor(Date.now() / 1_000) - 20;
    expect((await ask(await issuer.token({ exp }))).statusCode).toBe(200);
    expect((await setUp().ask(await issuer.token({ exp }))).statusCode).toBe(401);
  });

  it('are looked at once a minute at the most, and never for longer than they live', async () => {
    const { ask, sessionClock } = setUp();
    const token = await issuer.token({ exp: Math.floor(Date.now() / 1_000) + 90 });
    expect((await ask(token)).statusCode).toBe(200);
    issuer.keys = [await generateKeyPair('ES256')];
    sessionClock.wall += MINUTE - 1;
    expect((await ask(token)).statusCode).toBe(200);
    sessionClock.wall += 40_000;
    expect((await ask(token)).statusCode).toBe(401);
  });

  it('use keys that are fetched once', async () => {
    const { ask } = setUp();
    for (const sub of ['a', 'b', 'c']) expect((await ask(await issuer.token({ sub }))).statusCode).toBe(200);
    expect(issuer.asked).toBe(1);
  });

  it('follow the issuer to a new key', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      const { ask } = setUp();
      expect((await ask(await issuer.token())).statusCode).toBe(200);
      issuer.keys.push(await generateKeyPair('ES256'));
      // The keys are asked for again when they were not just asked for: else every made-up name of a key would do so.
      vi.setSystemTime(Date.now() + MINUTE);
      expect((await ask(await issuer.token({}, 1))).statusCode).toBe(200);
      expect(issuer.asked).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are 503, not 401, while the keys can not be had, and good again after', async () => {
    const { ask, metrics } = setUp();
    const token = await issuer.token();
    issuer.broken = true;
    const answer = await ask(token);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '5' });
    expect(answer.json()).toMatchObject({ code: 'ISSUER_UNREACHABLE' });
    issuer.broken = false;
    expect((await ask(token)).statusCode).toBe(200);
    expect(await authentications(metrics)).toEqual({ 'bearer unreachable': 1, 'bearer ok': 1 });
  });

  it('begin a session that ends with them', async () => {
    const { app, sessionClock } = setUp();
    const token = await issuer.token({ exp: Math.floor(Date.now() / 1_000) + 600 });
    const answer = await app.inject({ method: 'POST', url: '/login', payload: { token } });
    expect(answer.statusCode).toBe(303);
    const cookies = Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]));
    expect((await app.inject({ url: MEMBERLIST, cookies })).statusCode).toBe(200);
    sessionClock.wall += 11 * MINUTE;
    expect((await app.inject({ url: MEMBERLIST, cookies })).statusCode).toBe(401);
  });

  it('may come with keys at a place of their own', async () => {
    const { ask } = setUp({ jwks: `${issuer.url}/keys` });
    expect((await ask(await issuer.token())).statusCode).toBe(200);
  });
});
