import { describe, expect, it } from 'vitest';
import { MEMBERLIST } from './fixture.ts';
import { authentications, READ_TOKEN, setUpSecured, tokenSet, WRITE_PATH, WRITE_TOKEN } from './secured.ts';

const HOUR = 60 * 60 * 1_000;
type App = ReturnType<typeof setUpSecured>['app'];

async function logIn(app: App, token: string) {
  return app.inject({
    method: 'POST',
    url: '/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'localhost', origin: 'http://localhost' },
    payload: new URLSearchParams({ token }).toString(),
  });
}

function cookiesOf(answer: Awaited<ReturnType<typeof logIn>>): Record<string, string> {
  return Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]));
}

/** Logs in and looks at the page, as a browser would: the cookies of both, and the CSRF token of the page. */
async function browse(app: App, token: string) {
  const session = cookiesOf(await logIn(app, token));
  const page = await app.inject({ url: MEMBERLIST, cookies: session, headers: { accept: 'text/html' } });
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  return { cookies: { ...session, ...cookiesOf(page) }, csrf, page };
}

describe('a session', () => {
  it('begins with a token and keeps a person logged in', async () => {
    const { app, metrics } = setUpSecured();
    const answer = await logIn(app, READ_TOKEN);
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe(MEMBERLIST);
    const [cookie] = answer.cookies;
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 8 * 60 * 60 });
    const cookies = cookiesOf(answer);
    expect(JSON.stringify(cookies)).not.toContain(READ_TOKEN);
    expect((await app.inject({ url: MEMBERLIST, cookies })).statusCode).toBe(200);
    expect(await authentications(metrics)).toEqual({ 'login ok': 1, 'session ok': 1 });
  });

  it.each(['wrong-0123456789abcdef', '', 'a b'])('does not begin with %j', async (token) => {
    const { app } = setUpSecured();
    const answer = await logIn(app, token);
    expect(answer.statusCode).toBe(401);
    expect(answer.cookies).toEqual([]);
  });

  it('does not begin on the page of another origin', async () => {
    const { app } = setUpSecured();
    const headers = { origin: 'https://evil.example' };
    const answer = await app.inject({ method: 'POST', url: '/login', headers, payload: { token: READ_TOKEN } });
    expect(answer.json()).toMatchObject({ code: 'CROSS_ORIGIN' });
  });

  it('is no other than the one that was signed', async () => {
    const { app } = setUpSecured();
    const [name, value] = Object.entries(cookiesOf(await logIn(app, READ_TOKEN)))[0] ?? ['', ''];
    const [payload = '', signature = ''] = value.split('.');
    const forged = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const greater = Buffer.from(JSON.stringify({ ...forged, rights: 'read-write' })).toString('base64url');
    const other = (await logIn(setUpSecured().app, READ_TOKEN)).cookies[0]?.value ?? '';
    for (const cookie of [`${greater}.${signature}`, payload, `${payload}.`, `${payload}.AAAA`, '', 'x', other]) {
      expect((await app.inject({ url: MEMBERLIST, cookies: { [name]: cookie } })).statusCode, cookie).toBe(401);
    }
    expect((await app.inject({ url: MEMBERLIST, cookies: { [name]: value } })).statusCode).toBe(200);
  });

  it('expires', async () => {
    const { app, sessionClock } = setUpSecured();
    const cookies = cookiesOf(await logIn(app, READ_TOKEN));
    sessionClock.wall += 8 * HOUR - 1;
    expect((await app.inject({ url: MEMBERLIST, cookies })).statusCode).toBe(200);
    sessionClock.wall += 1;
    expect((await app.inject({ url: MEMBERLIST, cookies })).statusCode).toBe(401);
  });

  it('ends with the token that it was begun with', async () => {
    const { app, file } = setUpSecured();
    const cookies = cookiesOf(await logIn(app, READ_TOKEN));
    file.current = tokenSet(`read-write ${WRITE_TOKEN}`);
    expect((await app.inject({ url: MEMBERLIST, cookies })).statusCode).toBe(401);
  });

  it('has the rights that its token has now', async () => {
    const { app, file } = setUpSecured();
    const { cookies, csrf } = await browse(app, WRITE_TOKEN);
    const headers = { 'x-csrf-token': csrf };
    const change = async () => (await app.inject({ method: 'PUT', url: WRITE_PATH, cookies, headers })).statusCode;
    expect(await change()).toBe(200);
    file.current = tokenSet(`read ${WRITE_TOKEN}`);
    expect(await change()).toBe(403);
  });

  it('ends by logging out, for whoever still has the cookie too', async () => {
    const { app } = setUpSecured();
    const { cookies, csrf } = await browse(app, READ_TOKEN);
    const out = await app.inject({
      method: 'POST',
      url: '/logout',
      cookies,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _csrf: csrf }).toString(),
    });
    expect(out.statusCode).toBe(303);
    expect(out.cookies.find(({ name }) => name === 'muster-session')?.value).toBe('');
    expect((await app.inject({ url: MEMBERLIST, cookies })).statusCode).toBe(401);
  });

  it.each<[string, Record<string, string>]>([
    ['no CSRF token', {}],
    ['a wrong one', { 'x-csrf-token': 'made-up' }],
  ])('changes nothing with %s', async (_what, headers) => {
    const { app } = setUpSecured();
    const { cookies } = await browse(app, WRITE_TOKEN);
    const answer = await app.inject({ method: 'PUT', url: WRITE_PATH, cookies, headers });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'BAD_CSRF_TOKEN' });
  });

  it('changes nothing with the CSRF token of another session', async () => {
    const { app } = setUpSecured();
    const mine = await browse(app, WRITE_TOKEN);
    const other = await browse(app, WRITE_TOKEN);
    const cookies = { ...mine.cookies, 'muster-csrf': other.cookies['muster-csrf'] ?? '' };
    const headers = { 'x-csrf-token': other.csrf };
    expect((await app.inject({ method: 'PUT', url: WRITE_PATH, cookies, headers })).statusCode).toBe(403);
  });

  it('is offered on a page to who is not known', async () => {
    const { app } = setUpSecured();
    const answer = await app.inject({ url: MEMBERLIST, headers: { accept: 'text/html' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('<form class="fields" method="post" action="/login">');
    expect((await app.inject('/login')).statusCode).toBe(200);
  });
});
