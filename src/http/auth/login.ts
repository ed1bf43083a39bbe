import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../observability/metrics.ts';
import { sendPage } from '../page.ts';
import { type Authentication, checkToken, refused } from './authenticator.ts';
import { cookieOptions, sessionCookieName } from './session-cookie.ts';

const LOGIN_PATH = '/login';
const LOGOUT_PATH = '/logout';

interface LoginOptions {
  readonly authentication: Authentication;
  readonly metrics: Metrics;
  readonly secure: boolean;
  /** Where who has logged in is sent to. */
  readonly home: string;
}

/** Lets an app read and set the cookies of sessions. To be registered before the guard, which reads them. */
export function registerCookies(app: FastifyInstance, { sessions }: Authentication, secure: boolean): void {
  app.register(cookie);
  app.register(csrf, {
    sessionPlugin: '@fastify/cookie',
    cookieKey: `${secure ? '__Host-' : ''}muster-csrf`,
    cookieOpts: cookieOptions(secure),
    // The key stays that of the start when others take its place: pages that are open keep their tokens.
    csrfOpts: { userInfo: true, hmacKey: sessions.secret.toString('base64') },
    getUserInfo: (request) => request.principal?.id ?? '',
  });
}

/** Lets people log in with a token on a page, and out again. Programs send the token with each request instead. */
export function registerLogin(app: FastifyInstance, { authentication, metrics, secure, home }: LoginOptions): void {
  const name = sessionCookieName(secure);
  app.register(formbody);
  app.get(LOGIN_PATH, { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return sendPage(reply, 'login', { problem: undefined });
  });
  app.post(LOGIN_PATH, { schema: { hide: true, body: LOGIN_FORM } }, async (request, reply) => {
    const { token } = request.body as { readonly token: string };
    const outcome = await checkToken(token.trim(), authentication);
    const result = 'refusal' in outcome ? outcome.refusal : 'ok';
    metrics.httpAuthentications.inc({ kind: 'login', result });
    if ('refusal' in outcome) throw refused(outcome.refusal);
    const { cookie: value, maxAge } = authentication.sessions.begin(outcome.principal, outcome.digest);
    return reply.setCookie(name, value, { ...cookieOptions(secure), maxAge }).redirect(home, 303);
  });
  app.post(LOGOUT_PATH, { config: { access: 'read' }, schema: { hide: true } }, async (request, reply) => {
    const { id, expiresAt } = request.principal ?? {};
    if (id !== undefined && expiresAt !== undefined) authentication.sessions.end({ id, expiresAt });
    return reply.clearCookie(name, cookieOptions(secure)).redirect(LOGIN_PATH, 303);
  });
}

const LOGIN_FORM = {
  type: 'object',
  required: ['token'],
  properties: { token: { type: 'string', maxLength: 16_384 } },
} as const;
