import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { randomHex } from './random-hex.ts';

const SANE_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** A new request id: 16 random bytes in hexadecimal. */
export function randomRequestId(): string {
  return randomHex(16);
}

/** The id that a proxy or a client gave the request, when it is sane enough to be logged and echoed; else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders, generate: () => string): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : generate();
}

/** Tells every client the id of its request. */
export function registerRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}
