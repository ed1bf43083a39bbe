import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../observability/metrics.ts';
import type { MembershipPort } from './port.ts';
import { readinessOf } from './readiness.ts';

interface ProbeOptions {
  readonly port: MembershipPort;
  readonly metrics: Metrics;
}

/** Serves what machines watch a node by: whether it lives, whether it is ready, and its metrics. */
export function registerProbes(app: FastifyInstance, { port, metrics }: ProbeOptions): void {
  for (const path of ['/healthz', '/livez']) {
    app.get(path, async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  }
  app.get('/readyz', async (_request, reply) => {
    const readiness = readinessOf(port);
    const status = readiness.status === 'ready' ? 200 : 503;
    return reply.code(status).header('cache-control', 'no-store').send(readiness);
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.scrape();
    return reply.header('cache-control', 'no-store').type(metrics.registry.contentType).send(text);
  });
}
