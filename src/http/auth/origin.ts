import type { FastifyRequest } from 'fastify';
import { HttpError } from '../errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Tells whether a request may change something. */
export function isUnsafe(request: FastifyRequest): boolean {
  return !SAFE_METHODS.has(request.method);
}

/**
 * Refuses what a page of another origin sends with the rights of whoever looks at it: requests that change something, and WebSockets,
 * which no same-origin policy holds back. A bearer token exempts: no browser adds one by itself. Programs send no origin and pass.
 *
 * @throws {HttpError} CROSS_ORIGIN
 */
export function refuseForeignPages(request: FastifyRequest, allowedOrigins: ReadonlySet<string>): void {
  const { headers } = request;
  if ((!isUnsafe(request) && headers.upgrade === undefined) || headers.authorization !== undefined) return;
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const foreign =
    origin === undefined
      ? site !== undefined && site !== 'same-origin' && site !== 'none'
      : !allowedOrigins.has(origin) && hostOf(origin) !== request.host;
  if (foreign) throw new HttpError('CROSS_ORIGIN', 'A page of another origin may not do this.');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
