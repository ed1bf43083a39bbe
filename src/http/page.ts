import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import view from '@fastify/view';
import { Eta } from 'eta';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Beside this file in the sources as in the build. */
const VIEWS = fileURLToPath(new URL('./views', import.meta.url));

/** Lets an app render the templates in `views`. What they interpolate is escaped; each is read and compiled once. */
export function registerViews(app: FastifyInstance): void {
  app.register(view, { engine: { eta: new Eta({ autoEscape: true }) }, root: VIEWS, production: true });
}

/**
 * Answers with a page. Its policy allows nothing but the style that the page itself carries: no script, no foreign
 * resource, no frame around it.
 *
 * @param template a file of `views`, without its extension
 * @param data what the template calls `it`
 */
export async function sendPage(reply: FastifyReply, template: 'memberlist' | 'error', data: object) {
  const styleNonce = randomBytes(16).toString('base64');
  const html = await reply.server.view(`${template}.eta`, { ...data, styleNonce });
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${styleNonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return reply.header('content-security-policy', policy.join('; ')).type('text/html; charset=utf-8').send(html);
}
