import { fileURLToPath } from 'node:url';
import view from '@fastify/view';
import { Eta } from 'eta';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sessionView } from './auth/session-view.ts';

/** Beside this file in the sources as in the build. */
const VIEWS = fileURLToPath(new URL('./views', import.meta.url));

/** Lets an app render the templates in `views`. What they interpolate is escaped; each is read and compiled once. */
export function registerViews(app: FastifyInstance): void {
  app.register(view, { engine: { eta: new Eta({ autoEscape: true }) }, root: VIEWS, production: true });
}

/**
 * Answers with a page. Its scripts and styles carry the nonces of the answer's policy; whoever is logged in is offered to log out.
 *
 * @param template a file of `views`, without its extension
 * @param data what the template calls `it`
 */
export async function sendPage(reply: FastifyReply, template: 'memberlist' | 'error' | 'login' | 'try', data: object) {
  const { script: scriptNonce, style: styleNonce } = reply.cspNonce;
  const session = sessionView(reply.request, reply);
  const html = await reply.server.view(`${template}.eta`, { ...data, scriptNonce, styleNonce, session });
  return reply.type('text/html; charset=utf-8').send(html);
}
