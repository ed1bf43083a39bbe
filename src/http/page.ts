import { fileURLToPath } from 'node:url';
import view from '@fastify/view';
import { Eta } from 'eta';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ASSETS_PATH } from './assets.ts';
import { sessionView } from './auth/session-view.ts';
import { EVENTS_PATH, MEMBERLIST_PATH } from './paths.ts';
import { allowOwnScripts } from './security-headers.ts';

/** Beside this file in the sources as in the build. */
const VIEWS = fileURLToPath(new URL('./views', import.meta.url));

/** The templates that are pages of their own: files of `views`, without their extension. */
type Template = 'memberlist' | 'member' | 'changes' | 'error' | 'login' | 'try';

const PATHS = { assets: ASSETS_PATH, memberlist: MEMBERLIST_PATH, events: EVENTS_PATH };

/** Lets an app render the templates in `views`. What they interpolate is escaped; each is read and compiled once. */
export function registerViews(app: FastifyInstance): void {
  app.register(view, { engine: { eta: new Eta({ autoEscape: true }) }, root: VIEWS, production: true });
}

/**
 * Answers with a page. Its scripts and styles carry the nonces of the answer's policy; whoever is logged in is offered to log out.
 *
 * @param data what the template calls `it`
 */
export async function sendPage(reply: FastifyReply, template: Template, data: object) {
  const session = sessionView(reply.request, reply);
  const nonces = allowOwnScripts(reply);
  const html = await reply.server.view(`${template}.eta`, { ...data, nonces, paths: PATHS, session });
  return reply.type('text/html; charset=utf-8').send(html);
}
