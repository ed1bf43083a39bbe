import type { FastifyInstance } from 'fastify';
import type { UnixMillis } from '../../base/brands.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { ChangeFeed } from './change-feed.ts';
import { WatchHub } from './hub.ts';
import { type AnswerWatch, serverSentWatch } from './sse.ts';
import { registerWebSocket } from './ws/register.ts';

/** What bounds watching; each has a default. */
export interface WatchLimits {
  readonly journalBytes?: number;
  readonly heartbeatMs?: number;
  readonly maxWatchers?: number;
}

interface WatchOptions extends WatchLimits {
  readonly feed: ChangeFeed;
  readonly metrics: Metrics;
  readonly now: () => UnixMillis;
}

/** Lets clients watch the memberlist. All watches end, each with a last event, when the app closes. */
export function registerWatching(app: FastifyInstance, options: WatchOptions) {
  const { feed, metrics, now, ...limits } = options;
  const hub = new WatchHub({ feed, metrics, ...limits });
  app.addHook('preClose', async () => {
    hub.end();
    feed.close();
  });
  registerWebSocket(app, { feed, hub, now });
  const watch: AnswerWatch = serverSentWatch({ feed, hub, now });
  return { feed, hub, watch };
}
