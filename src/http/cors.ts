import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** How long a browser may remember what it was allowed, in seconds. */
const PREFLIGHT_MAX_AGE_S = 600;

/**
 * Lets pages of these origins call the API, with a bearer token: cookies are for the node's own pages. Preflights are answered here, so
 * they need no login.
 */
export function registerCors(app: FastifyInstance, origins: readonly string[]): void {
  app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'Last-Event-ID', 'X-Request-ID'],
    exposedHeaders: ['ETag', 'Retry-After', 'X-Request-ID'],
    maxAge: PREFLIGHT_MAX_AGE_S,
    strictPreflight: false,
  });
}
