import type { CookieSerializeOptions } from '@fastify/cookie';

/** The name of the session's cookie. Under TLS its prefix makes browsers insist on where it may come from. */
export function sessionCookieName(secure: boolean): string {
  return `${secure ? '__Host-' : ''}muster-session`;
}

/** What keeps a cookie with the browser that it was given to: no script reads it, no other site sends it. */
export function cookieOptions(secure: boolean): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure };
}
