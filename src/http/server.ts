import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { formatHostPort, type HostPort } from '../config/address.ts';
import type { EffectiveConfig, HttpConfig } from '../config/effective.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createHttpApp, type HttpAppOptions } from './app.ts';
import type { Authentication } from './auth/authenticator.ts';
import { JwtVerifier } from './auth/jwt.ts';
import { SESSION_KEY_FILE, type SessionKeys } from './auth/session-keys.ts';
import { Sessions } from './auth/sessions.ts';
import { TOKEN_FILE } from './auth/token-file.ts';
import type { TokenSet } from './auth/tokens.ts';
import { CertificateSource } from './certificate.ts';
import { createMetricsApp } from './metrics-app.ts';
import { type FileKind, ReloadedFile } from './reloaded-file.ts';

/** What the configuration says nothing of. */
type Surroundings = Pick<HttpAppOptions, 'port' | 'control' | 'metrics' | 'logger' | 'now' | 'version' | 'tracing'>;

/** What is read from files, and again when they change. */
interface Files {
  readonly tokens: ReloadedFile<TokenSet> | undefined;
  readonly sessionKeys: ReloadedFile<SessionKeys> | undefined;
  readonly certificate: CertificateSource | undefined;
}

/** The HTTP face of a node as it was configured: its app, its listener, and one for the metrics where that was asked for. */
export class HttpServer {
  /** For routes to be added before {@link listen}. */
  readonly app: FastifyInstance;
  readonly #config: Pick<EffectiveConfig, 'http' | 'metrics'>;
  readonly #metricsApp: FastifyInstance | undefined;
  readonly #files: Files;

  private constructor(
    config: Pick<EffectiveConfig, 'http' | 'metrics'>,
    surroundings: Surroundings,
    { tokens, sessionKeys, certificate }: Files,
  ) {
    const { http, metrics } = config;
    this.#config = config;
    this.#files = { tokens, sessionKeys, certificate };
    this.app = createHttpApp({
      ...surroundings,
      authentication: authenticationOf(http, { tokens, sessionKeys }, surroundings.now),
      ...(certificate === undefined ? {} : { certificate: certificate.current }),
      rateLimit: { rate: http.rate, burst: http.burst },
      corsOrigins: http.corsOrigins,
      trustedProxies: http.trustedProxies,
      metricsHere: metrics.bind === undefined,
    });
    this.#metricsApp = metrics.bind === undefined ? undefined : createMetricsApp(surroundings);
  }

  /**
   * Reads the token file, the session keys and the certificate, where there are any, and makes the app.
   *
   * @throws {Error} when one of the files can not be used, with one line that says why
   */
  static async open(
    config: Pick<EffectiveConfig, 'http' | 'metrics'>,
    surroundings: Surroundings,
  ): Promise<HttpServer> {
    const { tokenFile, sessionKeyFile, tls } = config.http;
    const { logger, metrics } = surroundings;
    const open = async <Value>(path: string | undefined, kind: FileKind<Value>) =>
      path === undefined ? undefined : ReloadedFile.open(path, kind, logger, metrics);
    const tokens = await open(tokenFile, TOKEN_FILE);
    const sessionKeys = await open(sessionKeyFile, SESSION_KEY_FILE);
    const certificate = await openCertificate(tls, logger, metrics);
    return new HttpServer(config, surroundings, { tokens, sessionKeys, certificate });
  }

  /**
   * Starts to listen.
   *
   * @returns the addresses as bound
   * @throws {Error} when one can not be bound
   */
  async listen(): Promise<{ readonly httpAddress: string; readonly metricsAddress?: string }> {
    const { http, metrics } = this.#config;
    const httpAddress = await listen(this.app, http.bind);
    this.#files.certificate?.serve(this.app.server as never);
    if (this.#metricsApp === undefined || metrics.bind === undefined) return { httpAddress };
    return { httpAddress, metricsAddress: await listen(this.#metricsApp, metrics.bind) };
  }

  /** Reads its files again, without waiting for them to change. It never rejects. */
  async reload(): Promise<void> {
    const { tokens, sessionKeys, certificate } = this.#files;
    await Promise.all([tokens?.reload(), sessionKeys?.reload(), certificate?.reload()]);
  }

  /** Ends all connections at once, whatever is on them. */
  breakOff(): void {
    this.app.server.closeAllConnections();
    this.#metricsApp?.server.closeAllConnections();
  }

  /** Finishes the requests that have begun and closes the listeners. */
  async close(): Promise<void> {
    const { tokens, sessionKeys, certificate } = this.#files;
    for (const file of [tokens, sessionKeys, certificate]) file?.close();
    await Promise.all([this.app.close(), this.#metricsApp?.close()]);
  }
}

function authenticationOf(
  { oidc }: HttpConfig,
  { tokens, sessionKeys }: Pick<Files, 'tokens' | 'sessionKeys'>,
  now: Surroundings['now'],
): Authentication {
  const { issuer, audience, ...rest } = oidc;
  const jwt =
    issuer === undefined || audience === undefined ? undefined : new JwtVerifier({ issuer, audience, ...rest }, now);
  return {
    sessions: new Sessions(now, sessionKeys),
    ...(tokens === undefined ? {} : { tokens }),
    ...(jwt === undefined ? {} : { jwt }),
  };
}

async function openCertificate(
  { cert, key }: HttpConfig['tls'],
  logger: Logger,
  metrics: Metrics,
): Promise<CertificateSource | undefined> {
  return cert === undefined || key === undefined ? undefined : CertificateSource.open({ cert, key }, logger, metrics);
}

/** Starts a listener and gives its address as bound. */
async function listen(app: FastifyInstance, { host, port }: HostPort): Promise<string> {
  await app.listen({ host, port });
  const bound = app.server.address();
  return formatHostPort({ host, port: typeof bound === 'object' && bound !== null ? bound.port : port });
}
