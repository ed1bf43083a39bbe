import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const ONE_YEAR_S = 365 * 24 * 60 * 60;

/**
 * Puts the security headers on every answer. A page may use the scripts and styles that carry the nonce of its own answer,
 * `reply.cspNonce`, and talk to this node; nothing else is loaded from anywhere, and nobody puts a frame around it.
 *
 * @param secure whether the server speaks TLS: only then browsers are told to insist on it
 */
export function registerSecurityHeaders(app: FastifyInstance, secure: boolean): void {
  app.register(helmet, {
    enableCSPNonces: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': [],
        'style-src': [],
        'img-src': ["'self'"],
        'connect-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: ONE_YEAR_S, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
    // With `no-referrer` browsers would hide even from this node where a form was sent from, and logging in would look foreign.
    referrerPolicy: { policy: 'same-origin' },
  });
  app.addHook('onSend', async (_request, reply) => {
    // A stored page keeps the nonces that it was made with, so it must keep its policy too.
    if (reply.statusCode === 304) reply.raw.removeHeader('content-security-policy');
  });
}
