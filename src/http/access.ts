import type { FastifyRequest } from 'fastify';

/**
 * What a route asks of whoever calls it.
 *
 * - `open`: nothing.
 * - `read`: to be known, where anybody must log in at all.
 * - `write`: to be known and allowed to change things; where nobody must log in, to call from this machine.
 */
export type Access = 'open' | 'read' | 'write';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Default: `read` below `/api` and `/ws`, `open` elsewhere. */
    access?: Access;
  }
}

/** What the route of a request asks. */
export function accessOf({ routeOptions: { config, url = '/' } }: FastifyRequest): Access {
  return config.access ?? accessByUrl(url);
}

/** What a route asks that does not say so itself. */
export function accessByUrl(url: string): Access {
  return /^\/(?:api|ws)(?:\/|$)/.test(url) ? 'read' : 'open';
}
