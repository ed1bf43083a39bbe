import type { FastifyInstance, FastifyReply } from 'fastify';
import { HttpError } from './errors.ts';

/**
 * Answers with an error for a handler that has not begun to answer in time. What goes on sending, such as a watch, is left alone once it
 * has begun. One timer serves all requests, as all have the same limit: Fastify's own has a timer and an abort controller for each.
 */
export function registerTimeLimit(app: FastifyInstance, limitMs: number): void {
  /** What is not answered yet, by when it came; the first to come first. */
  const open = new Map<FastifyReply, number>();
  let timer: NodeJS.Timeout | undefined;
  const wakeIn = (ms: number): NodeJS.Timeout => setTimeout(endWhatIsLate, ms).unref();

  function endWhatIsLate(): void {
    const now = performance.now();
    timer = undefined;
    for (const [reply, since] of open) {
      const left = since + limitMs - now;
      if (left > 0) {
        timer = wakeIn(Math.ceil(left));
        return;
      }
      open.delete(reply);
      const { raw } = reply;
      if (reply.sent || raw.headersSent || raw.destroyed) continue;
      reply.send(new HttpError('HANDLER_TIMEOUT', 'This node took too long to answer.'));
    }
  }

  app.addHook('onRequest', (_request, reply, done) => {
    open.set(reply, performance.now());
    // Not Fastify's `onResponse`, which does not come when the client goes away before all is sent.
    reply.raw.once('close', () => open.delete(reply));
    timer ??= wakeIn(limitMs);
    done();
  });
}
