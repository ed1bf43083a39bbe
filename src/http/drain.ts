import { Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';

/** A connection over which no request has come for so long after the door was closed has none on its way. */
const QUIET_MS = 250;
const POLL_MS = 25;

/**
 * Makes an app close without failing a request that has reached it. An HTTP server that closes breaks off the connections that look
 * idle, with requests on them that it has not read yet. So first only the listening socket is closed; what still comes over open
 * connections is answered with `Connection: close`; and when nothing has come for a moment, the server closes. It does not count a
 * connection as idle that has never carried a byte, such as a browser opens in advance, and would wait for it: those are broken off here.
 */
export function registerDrain(app: FastifyInstance): void {
  let lastRequestAt = 0;
  let closing = false;
  const open = new Set<Socket>();
  const track = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  // The second comes with TLS: a socket of its own, which counts what was sent inside.
  app.server.on('connection', track).on('secureConnection', track);
  app.addHook('onRequest', (_request, _reply, done) => {
    lastRequestAt = performance.now();
    done();
  });
  // Fastify does so for requests that begin after it; one that has begun before must not keep its connection either.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  app.addHook('preClose', async () => {
    closing = true;
    if (!app.server.listening) return;
    // The HTTP server's own close would break off connections now.
    Server.prototype.close.call(app.server);
    const connections = promisify(app.server.getConnections.bind(app.server));
    lastRequestAt = performance.now();
    while (performance.now() - lastRequestAt < QUIET_MS && (await connections()) > 0) await delay(POLL_MS);
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  });
}
