import accepts from '@fastify/accepts';
import { type FastifyInstance, fastify } from 'fastify';
import type { HttpAppOptions } from './app.ts';
import { registerCompression } from './compression.ts';
import { answerError } from './error-answers.ts';
import { registerViews } from './page.ts';
import { registerMetrics, registerProbes } from './probes.ts';
import { randomRequestId, registerRequestId, requestIdOf } from './request-id.ts';
import { NODE_SERVER, registerRouting, routable } from './routing.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { SCHEMA_OPTIONS } from './validation.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** Makes a face with the metrics and the probes alone, for a listener that only those who watch a node can reach. */
export function createMetricsApp({
  port,
  metrics,
  logger,
}: Pick<HttpAppOptions, 'port' | 'metrics' | 'logger'>): FastifyInstance {
  const app = fastify({
    ...SCHEMA_OPTIONS,
    logger: false,
    http: NODE_SERVER,
    genReqId: ({ headers }) => requestIdOf(headers, randomRequestId),
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }) => routable(url),
  });
  app.register(accepts);
  registerViews(app);
  registerRequestId(app);
  app.decorateRequest('principal', null);
  app.setErrorHandler(async (thrown, request, reply) => answerError(thrown, request, reply, logger));
  registerSecurityHeaders(app, false);
  registerCompression(app);
  registerRouting(app);
  app.after(() => {
    registerProbes(app, port);
    registerMetrics(app, metrics);
  });
  return app;
}
