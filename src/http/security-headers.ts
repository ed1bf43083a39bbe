import type { FastifyInstance, FastifyReply } from 'fastify';
import { randomHex } from './random-hex.ts';

const ONE_YEAR_S = 365 * 24 * 60 * 60;
const NONCE_BYTES = 16;
const POLICY_HEADER = 'content-security-policy';

/** What an answer may use besides the scripts and styles that a page names. */
const POLICY_REST =
  "img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'" as const;

/** What stands on every answer. Nobody puts a frame around it, and what is no page loads and runs nothing. */
const HEADERS = {
  [POLICY_HEADER]: `default-src 'none';${POLICY_REST}`,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  // With `no-referrer` browsers would hide even from this node where a form was sent from, and logging in would look foreign.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/**
 * Puts the security headers on every answer.
 *
 * @param secure whether the server speaks TLS: only then browsers are told to insist on it
 */
export function registerSecurityHeaders(app: FastifyInstance, secure: boolean): void {
  const headers = secure ? { ...HEADERS, 'strict-transport-security': `max-age=${ONE_YEAR_S}` } : HEADERS;
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A stored page keeps the nonces that it was made with, so it must keep its policy too.
    if (reply.statusCode === 304) reply.removeHeader(POLICY_HEADER);
    done();
  });
}

/** What the scripts and the styles of a page must carry to be used. */
export interface PageNonces {
  readonly script: string;
  readonly style: string;
}

/** Lets the page that is the answer use its own scripts and styles, by nonces that are new with each answer, and nothing from elsewhere. */
export function allowOwnScripts(reply: FastifyReply): PageNonces {
  const [script, style] = [randomHex(NONCE_BYTES), randomHex(NONCE_BYTES)];
  const own = `script-src 'nonce-${script}';style-src 'nonce-${style}'`;
  reply.header(POLICY_HEADER, `default-src 'none';${own};${POLICY_REST}`);
  return { script, style };
}
