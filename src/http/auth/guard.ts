import { callbackify } from 'node:util';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../../observability/metrics.ts';
import { type Access, accessOf } from '../access.ts';
import { HttpError } from '../errors.ts';
import { type Authentication, type Identity, identify, refused } from './authenticator.ts';
import { isUnsafe, refuseForeignPages } from './origin.ts';
import type { Principal } from './principal.ts';
import { sessionCookieName } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; null where the route is open. */
    principal: Principal | null;
  }
}

interface GuardOptions {
  readonly authentication: Authentication;
  readonly metrics: Metrics;
  /** Origins whose pages may call the API. */
  readonly corsOrigins: readonly string[];
  /** Whether the server speaks TLS. */
  readonly secure: boolean;
}

/** Holds every route of an app to what it declares in `config.access`, before anything of the body is read. */
export function registerGuard(app: FastifyInstance, options: GuardOptions): void {
  const { authentication, metrics, secure } = options;
  const allowedOrigins = new Set(options.corsOrigins);
  app.decorateRequest('principal', null);
  const admit = (request: FastifyRequest, access: Access, identity: Identity): void => {
    const count = (result: string): void => metrics.httpAuthentications.inc({ kind: identity.kind, result });
    if (identity.refusal !== undefined) {
      count(identity.refusal);
      throw refused(identity.refusal);
    }
    const { principal } = identity;
    if (access === 'write' && principal.rights !== 'read-write') {
      count('forbidden');
      throw forbidden(principal);
    }
    count('ok');
    request.principal = principal;
  };
  const admitLater = callbackify(async (request: FastifyRequest, access: Access, identity: Promise<Identity>) =>
    admit(request, access, await identity),
  );
  app.addHook('onRequest', (request, _reply, done) => {
    refuseForeignPages(request, allowedOrigins);
    const access = accessOf(request);
    if (access === 'open') {
      done();
      return;
    }
    const identity = identify(request, authentication, request.cookies?.[sessionCookieName(secure)]);
    if (identity instanceof Promise) {
      admitLater(request, access, identity, done);
      return;
    }
    admit(request, access, identity);
    done();
  });
  app.addHook('preValidation', (request, reply, done) => {
    if (request.principal?.kind === 'session' && isUnsafe(request)) app.csrfProtection(request, reply, done);
    else done();
  });
}

function forbidden({ kind }: Principal): HttpError {
  return kind === 'anonymous'
    ? new HttpError('FORBIDDEN', 'Without authentication only this machine may change anything.')
    : new HttpError('FORBIDDEN', 'This needs the right to write.', {
        'www-authenticate': 'Bearer realm="muster", error="insufficient_scope"',
      });
}
