import type { FastifyInstance, FastifySchema } from 'fastify';
import type { Metrics } from '../observability/metrics.ts';
import type { MembershipPort } from './port.ts';
import { readinessOf } from './readiness.ts';

const UNCACHED = 'no-store';

/** Serves what machines watch a node by: whether it lives, and whether it is ready. */
export function registerProbes(app: FastifyInstance, port: MembershipPort): void {
  for (const path of ['/healthz', '/livez']) {
    app.get(path, { schema: LIVE }, async (_request, reply) =>
      reply.header('cache-control', UNCACHED).send({ status: 'ok' }),
    );
  }
  app.get('/readyz', { schema: READY }, async (_request, reply) => {
    const readiness = readinessOf(port);
    const status = readiness.status === 'ready' ? 200 : 503;
    return reply.code(status).header('cache-control', UNCACHED).send(readiness);
  });
}

/** Serves the metrics as Prometheus text. */
export function registerMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', { schema: METRICS }, async (_request, reply) => {
    const text = await metrics.scrape();
    return reply.header('cache-control', UNCACHED).type(metrics.registry.contentType).send(text);
  });
}

const LIVE: FastifySchema = {
  summary: 'Whether the process serves',
  tags: ['probes'],
  response: { 200: { type: 'object', required: ['status'], properties: { status: { const: 'ok' } } } },
};

/** The answer of `/readyz`. */
export const READINESS = {
  type: 'object',
  required: ['status'],
  properties: {
    status: { enum: ['ready', 'not_ready'] },
    reason: { enum: ['not_listening', 'first_round_pending', 'leaving'] },
    isolated: { const: true },
    waitingFor: { type: 'array', items: { type: 'string' } },
    duplicateAddresses: { type: 'array', items: { type: 'string' } },
  },
} as const;

const READY: FastifySchema = {
  summary: 'Whether the node takes part in the mesh',
  tags: ['probes'],
  response: { 200: READINESS, 503: READINESS },
};

const METRICS: FastifySchema = {
  summary: 'Metrics in the Prometheus text format',
  tags: ['probes'],
  response: {
    200: { description: 'All of them.', content: { 'text/plain': { schema: { type: 'string' } } } },
  },
};
