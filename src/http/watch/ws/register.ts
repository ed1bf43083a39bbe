import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { UnixMillis } from '../../../base/brands.ts';
import { HttpError } from '../../errors.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { WatchHub } from '../hub.ts';
import { WatchViews } from '../views.ts';
import { encodePayload } from './envelope.ts';
import { Session } from './session.ts';

const MAX_MESSAGE_BYTES = 16 << 10;
/** Between two checks whether the clients are still there. */
const PROBE_MS = 15_000;

const WEBSOCKET_SCHEMA: FastifySchema = {
  summary: 'Any number of watches over one WebSocket; docs/http.md has its messages',
  tags: ['members'],
  response: { 101: { type: 'null', description: 'The connection speaks WebSocket from here on.' } },
};

interface WebSocketOptions {
  readonly feed: ChangeFeed;
  readonly hub: WatchHub;
  readonly now: () => UnixMillis;
}

/** Serves `/ws`: any number of watches over one connection. */
export function registerWebSocket(app: FastifyInstance, { feed, hub, now }: WebSocketOptions): void {
  const views = new WatchViews(feed, encodePayload, now);
  const sessions = new Set<Session>();
  let closing = false;
  const probing = setInterval(() => {
    for (const session of sessions) session.probe();
  }, PROBE_MS).unref();
  app.addHook('preClose', async () => {
    closing = true;
    clearInterval(probing);
    for (const session of sessions) session.goAway();
  });
  // The plugin does so only for requests that get as far as its own hooks; no timeout of the server covers such a connection.
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (raw.headers.upgrade !== undefined) raw.socket.destroySoon();
    done();
  });
  app.register(websocket, { options: { maxPayload: MAX_MESSAGE_BYTES } });
  app.register(async (scope) => {
    scope.route({
      method: 'GET',
      url: '/ws',
      config: { access: 'read' },
      schema: WEBSOCKET_SCHEMA,
      handler: async () => {
        throw new HttpError('UPGRADE_REQUIRED', 'This speaks WebSocket.', { upgrade: 'websocket' });
      },
      wsHandler: (socket, { raw }) => {
        const session = new Session({ socket, connection: raw.socket, hub, views, now });
        if (closing) session.goAway();
        sessions.add(session);
        socket.once('close', () => sessions.delete(session));
      },
    });
  });
}
