import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UnixMillis } from '../../base/brands.ts';
import { HttpError } from '../errors.ts';
import { parseMemberQuery } from '../member-query.ts';
import type { ChangeFeed } from './change-feed.ts';
import { WatchCursor } from './cursor.ts';
import { EventStream } from './event-stream.ts';
import type { WatchHub } from './hub.ts';
import { WatchViews } from './views.ts';
import { encodeServerSent } from './watch-event.ts';

/** When a client that lost its connection comes back: so long, and at random up to twice as long, lest all come at once. */
const RETRY_MS = 1_000;

/** Answers a request for the memberlist with `watch=true`. */
export type AnswerWatch = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

interface SseOptions {
  readonly feed: ChangeFeed;
  readonly hub: WatchHub;
  readonly now: () => UnixMillis;
}

/** Serves the watch of the memberlist as server-sent events. */
export function serverSentWatch({ feed, hub, now }: SseOptions): AnswerWatch {
  const views = new WatchViews(feed, encodeServerSent, now);

  return async (request, reply) => {
    if (request.type(['text/event-stream']) === false) {
      throw new HttpError('NOT_ACCEPTABLE', 'A watch comes as text/event-stream.');
    }
    const query = parseMemberQuery(request.query);
    reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      // Tells nginx not to gather events before it passes them on.
      .header('x-accel-buffering', 'no')
      // Nothing else comes over a connection that has had its last event.
      .header('connection', 'close');
    if (request.method === 'HEAD') return reply.send();
    const admission = hub.admit(lastEventIdOf(request));
    const preamble = Buffer.from(`retry: ${Math.round(RETRY_MS * (1 + Math.random()))}\n\n`);
    if ('refused' in admission) {
      // Not an error status: an EventSource would give up for good. The empty id makes it forget an id that is of no use.
      const id = admission.refused === 'resume_impossible' ? '' : undefined;
      const ended = encodeServerSent({ type: 'ENDED', reason: admission.refused }, id);
      return reply.send(Buffer.concat([preamble, ended]));
    }
    const { view, release } = views.take(query);
    return reply.send(new EventStream(hub, new WatchCursor(view, admission.resumeAt), preamble, release));
  };
}

function lastEventIdOf(request: FastifyRequest): string | undefined {
  const given = request.headers['last-event-id'];
  return typeof given === 'string' ? given : undefined;
}
