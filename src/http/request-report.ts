import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../observability/metrics.ts';

/** The methods that are counted by name, so that a client can not make up series. */
const COUNTED_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'OTHER';

/** The route of requests that match none, whatever their path. */
const NO_ROUTE = 'unmatched';

/** Counts the answers of an app, and logs each at debug level. */
export function createRequestReport(metrics: Metrics, logger: Logger) {
  function tell(route: string, method: string, status: number, fields: object): void {
    metrics.httpRequests.inc({ route, method, status: String(status) });
    logger.debug({ code: 'HTTP_REQUEST', method, route, status, ...fields }, 'http request');
  }

  return {
    /** An answer has gone out. */
    answered(request: FastifyRequest, reply: FastifyReply): void {
      const method = COUNTED_METHODS.has(request.method) ? request.method : OTHER_METHOD;
      const durationMs = Math.round(reply.elapsedTime * 1_000) / 1_000;
      const route = request.routeOptions.url ?? NO_ROUTE;
      metrics.httpDuration.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
      tell(route, method, reply.statusCode, { requestId: request.id, durationMs });
    },
    /** Something came that was not HTTP; `status` is undefined when it could not be answered. */
    unreadable(requestId: string, status: number | undefined): void {
      if (status !== undefined) tell(NO_ROUTE, OTHER_METHOD, status, { requestId });
    },
  };
}
