import type { FastifyInstance } from 'fastify';
import type { UnixMillis } from '../../base/brands.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { MembershipPort } from '../port.ts';
import { ChangeFeed } from './change-feed.ts';
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
  readonly port: MembershipPort;
  readonly metrics: Metrics;
  readonly now: () => UnixMillis;
  /** Tells the resume ids of this process from those of its former lives. */
  readonly epoch: string;
}

/** Lets clients watch the memberlist. All watches end, each with a last event, when the app closes. */
export function registerWatching(app: FastifyInstance, options: WatchOptions) {
  const { port, metrics, now, epoch, ...limits } = options;
  const feed = new ChangeFeed({ port, now, epoch, ...limits });
  const hub = new WatchHub({ feed, metrics, ...limits });
  app.addHook('preClose', async () => {
    hub.end();
    feed.close();
  });
  registerWebSocket(app, { feed, hub, now });
  const watch: AnswerWatch = serverSentWatch({ feed, hub, now });
  return { feed, hub, watch };
}
