import { randomBytes } from 'node:crypto';
import { maxHeaderSize } from 'node:http';
import accepts from '@fastify/accepts';
import { type FastifyInstance, type FastifyPluginCallback, type FastifyServerOptions, fastify } from 'fastify';
import type { Logger } from 'pino';
import type { UnixMillis } from '../base/brands.ts';
import type { Metrics } from '../observability/metrics.ts';
import { registerAssets } from './assets.ts';
import type { Authentication } from './auth/authenticator.ts';
import { registerGuard } from './auth/guard.ts';
import { registerCookies, registerLogin } from './auth/login.ts';
import { Sessions } from './auth/sessions.ts';
import type { Certificate } from './certificate.ts';
import { registerCompression } from './compression.ts';
import type { ControlPort } from './control/control-port.ts';
import { registerControl } from './control/register.ts';
import { registerCors } from './cors.ts';
import { registerDrain } from './drain.ts';
import { answerError, answerUnreadable } from './error-answers.ts';
import { registerEvents } from './events.ts';
import { registerInfo } from './info.ts';
import { registerMemberlist } from './memberlist.ts';
import { registerMembers } from './members.ts';
import { registerOpenApi } from './openapi.ts';
import { registerViews } from './page.ts';
import { MEMBERLIST_PATH } from './paths.ts';
import type { MembershipPort } from './port.ts';
import { registerMetrics, registerProbes } from './probes.ts';
import { type RateLimit, registerRateLimit } from './rate-limit.ts';
import { randomRequestId, registerRequestId, requestIdOf } from './request-id.ts';
import { createRequestReport } from './request-report.ts';
import { NODE_SERVER, registerRouting, routable } from './routing.ts';
import { registerServiceDiscovery } from './sd/register.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { registerTimeLimit } from './time-limit.ts';
import { SCHEMA_OPTIONS } from './validation.ts';
import { ChangeFeed } from './watch/change-feed.ts';
import { registerWatching, type WatchLimits } from './watch/register.ts';

/** What the HTTP face needs from its surroundings. */
export interface HttpAppOptions {
  readonly port: MembershipPort;
  readonly control: ControlPort;
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
  /** By what callers are known. When it is left out nobody has to be. */
  readonly authentication?: Authentication;
  /** Makes it speak TLS. */
  readonly certificate?: Certificate;
  /** Default: 100 a second, 200 at once. */
  readonly rateLimit?: RateLimit;
  /** Origins whose pages may call the API. Default: none. */
  readonly corsOrigins?: readonly string[];
  /** Addresses or networks of proxies whose `X-Forwarded-*` headers are believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Whether `/metrics` is served here. Default: true. */
  readonly metricsHere?: boolean;
  /** How long a handler may take before the client is told 503, in milliseconds. Default: 30 s. */
  readonly handlerTimeout?: number;
  /** Makes a span of each request, when tracing is on. */
  readonly tracing?: FastifyPluginCallback | undefined;
  /** For tests. */
  readonly watching?: WatchLimits;
}

const REQUEST_TIMEOUT_MS = 30_000;
const BODY_LIMIT_BYTES = 1 << 20;
const DEFAULT_RATE_LIMIT: RateLimit = { rate: 100, burst: 200 };

/**
 * As long as Node.js lets a whole header be. The router would answer a parameter above its limit by itself, past all stages; a URL
 * that is too long is refused in its turn.
 */
const MAX_PARAMETER_CHARACTERS = maxHeaderSize;

/**
 * Makes the HTTP face of a node. It does not listen: that is for the caller to do, and to close. The stages of a request are
 * registered in the order in which it passes them; docs/http.md has the table.
 */
export function createHttpApp(options: HttpAppOptions): FastifyInstance {
  const { port, metrics, logger, now, version, corsOrigins = [] } = options;
  const generateRequestId = options.generateRequestId ?? randomRequestId;
  const authentication = options.authentication ?? { sessions: new Sessions(now) };
  const secure = options.certificate !== undefined;
  const report = createRequestReport(metrics, logger);

  const app = createServer(options, {
    genReqId: (raw) => requestIdOf(raw.headers, generateRequestId),
    clientErrorHandler: (fault, socket) => {
      const requestId = generateRequestId();
      report.unreadable(requestId, answerUnreadable(fault, socket, requestId));
    },
  });
  if (options.tracing !== undefined) app.register(options.tracing);
  app.register(accepts);
  registerViews(app);

  registerRequestId(app);
  app.addHook('onResponse', (request, reply, done) => {
    report.answered(request, reply);
    done();
  });
  app.setErrorHandler(async (thrown, request, reply) => answerError(thrown, request, reply, logger));
  registerTimeLimit(app, options.handlerTimeout ?? REQUEST_TIMEOUT_MS);
  registerSecurityHeaders(app, secure);
  if (corsOrigins.length > 0) registerCors(app, corsOrigins);
  registerRateLimit(app, options.rateLimit ?? DEFAULT_RATE_LIMIT);
  registerCompression(app);
  registerRouting(app);
  const mustLogIn = authentication.tokens !== undefined || authentication.jwt !== undefined;
  if (mustLogIn) registerCookies(app, authentication, secure);
  app.after(() => {
    registerGuard(app, { authentication, metrics, corsOrigins, secure });
  });

  const etagNonce = options.etagNonce ?? randomBytes(6).toString('hex');
  // Before the node starts, so that it learns of everybody.
  const feed = new ChangeFeed({ port, now, epoch: etagNonce, ...options.watching });
  app.after(() => {
    registerOpenApi(app, version);
    const { watch } = registerWatching(app, { feed, metrics, now, ...options.watching });
    registerMemberlist(app, { port, now, version, etagNonce, watch });
    registerMembers(app, { port, now, version });
    registerEvents(app, { port, now, version });
    registerAssets(app);
    registerInfo(app, { port, now, version });
    registerControl(app, { port, control: options.control, logger });
    registerServiceDiscovery(app, port);
    registerProbes(app, port);
    if (options.metricsHere ?? true) registerMetrics(app, metrics);
    if (mustLogIn) registerLogin(app, { authentication, metrics, secure, home: MEMBERLIST_PATH });
    app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect(MEMBERLIST_PATH, 302));
    // Last, for what is closed before it: the watches are told first.
    registerDrain(app);
  });
  return app;
}

function createServer(
  { certificate, trustedProxies = [] }: HttpAppOptions,
  ours: FastifyServerOptions,
): FastifyInstance {
  const common: FastifyServerOptions = {
    ...ours,
    ...SCHEMA_OPTIONS,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // What has reached the server before it closed its door is answered; registerDrain sees to it that no more comes.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    forceCloseConnections: 'idle',
    logger: false,
    rewriteUrl: ({ url = '/' }) => routable(url),
  };
  if (certificate === undefined) return fastify({ ...common, http: NODE_SERVER });
  const { cert, key } = certificate;
  const options: object = { ...common, https: { ...NODE_SERVER, cert, key, minVersion: 'TLSv1.2' } };
  // Fastify tells servers by their class. The face uses what is in both, so it goes by the plain one.
  return fastify(options);
}
