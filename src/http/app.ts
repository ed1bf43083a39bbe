import { randomBytes } from 'node:crypto';
import accepts from '@fastify/accepts';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import type { Logger } from 'pino';
import type { UnixMillis } from '../base/brands.ts';
import type { Metrics } from '../observability/metrics.ts';
import { answerError, answerUnreadable } from './error-answers.ts';
import { HttpError, MAX_URL_CHARACTERS } from './errors.ts';
import { MEMBERLIST_PATH, registerMemberlist } from './memberlist.ts';
import { registerViews } from './page.ts';
import type { MembershipPort } from './port.ts';
import { registerProbes } from './probes.ts';
import { randomRequestId, requestIdOf } from './request-id.ts';
import { createRequestReport } from './request-report.ts';

/** What the HTTP face needs from its surroundings. */
export interface HttpAppOptions {
  readonly port: MembershipPort;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Wall time. */
  readonly now: () => UnixMillis;
  /** The version of Muster. */
  readonly version: string;
  /** Tells the entity tags of this process from those of its former lives. Random when it is left out. */
  readonly etagNonce?: string;
  /** Makes the ids of requests that bring none. Random when it is left out. */
  readonly generateRequestId?: () => string;
}

const REQUEST_TIMEOUT_MS = 30_000;
const BODY_LIMIT_BYTES = 1 << 20;

/** Stands in for a URL that can not be decoded. No route has it. */
const UNROUTABLE = '/undecodable';

/** Makes the HTTP face of a node. It does not listen: that is for the caller to do, and to close. */
export function createHttpApp(options: HttpAppOptions): FastifyInstance {
  const { port, metrics, logger, now, version } = options;
  const generateRequestId = options.generateRequestId ?? randomRequestId;
  const report = createRequestReport(metrics, logger);

  const app = fastify({
    trustProxy: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    logger: false,
    genReqId: (raw) => requestIdOf(raw.headers, generateRequestId),
    // The router would turn a URL that can not be decoded away before any hook: it shall look like every other error.
    rewriteUrl: ({ url = '/' }) => (isDecodable(url) ? url : UNROUTABLE),
    clientErrorHandler: (fault, socket) => {
      const requestId = generateRequestId();
      report.unreadable(requestId, answerUnreadable(fault, socket, requestId));
    },
  });

  app.register(accepts);
  registerViews(app);

  const paths = new Set<string>();
  app.addHook('onRoute', (route) => {
    paths.add(route.url);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(commonHeaders(request));
    checkUrl(request);
    // Before the body is read: nobody is there to want it.
    if (request.is404) throw nobodyThere(request, paths);
  });
  app.addHook('onResponse', async (request, reply) => report.answered(request, reply));
  app.setErrorHandler(async (thrown, request, reply) => answerError(thrown, request, reply, logger));

  const etagNonce = options.etagNonce ?? randomBytes(6).toString('hex');
  registerMemberlist(app, { port, now, version, etagNonce });
  registerProbes(app, { port, metrics });
  app.get('/', async (_request, reply) => reply.redirect(MEMBERLIST_PATH, 302));
  return app;
}

function commonHeaders(request: FastifyRequest): Record<string, string> {
  return { 'x-request-id': request.id, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
}

function checkUrl(request: FastifyRequest): void {
  if (request.originalUrl.length > MAX_URL_CHARACTERS) {
    throw new HttpError('URL_TOO_LONG', `The URL is longer than ${MAX_URL_CHARACTERS} characters.`);
  }
  if (request.originalUrl !== request.url) {
    throw new HttpError('BAD_URL', 'The URL is not valid percent-encoded UTF-8.');
  }
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

function nobodyThere(request: FastifyRequest, paths: ReadonlySet<string>): HttpError {
  const [path] = request.url.split('?', 1);
  if (path !== undefined && paths.has(path)) {
    return new HttpError('METHOD_NOT_ALLOWED', 'Only GET and HEAD are allowed here.', { allow: 'GET, HEAD' });
  }
  return new HttpError('NOT_FOUND', 'There is nothing at this path.');
}
