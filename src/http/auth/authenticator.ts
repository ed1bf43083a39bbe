import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/address.ts';
import { HttpError } from '../errors.ts';
import type { JwtVerifier } from './jwt.ts';
import type { Principal } from './principal.ts';
import type { Sessions } from './sessions.ts';
import { digestOf, type TokenSet } from './tokens.ts';

/** By what people and programs are known. Without a source of tokens nobody has to be. */
export interface Authentication {
  /** The tokens that hold now. */
  readonly tokens?: { readonly current: TokenSet };
  readonly jwt?: JwtVerifier;
  readonly sessions: Sessions;
}

/** What a request brought to be known by. */
export type CredentialKind = 'bearer' | 'session' | 'none';

/** Why a request is not known. */
export type Refusal = 'missing' | 'invalid' | 'expired' | 'unreachable';

/** How the look at a request's credentials ended. */
export type Identity =
  | { readonly kind: CredentialKind; readonly principal: Principal; readonly refusal?: never }
  | { readonly kind: CredentialKind; readonly refusal: Refusal };

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i;
const REALM = 'Bearer realm="muster"';

/** Finds out who sent a request, by its bearer token or else by the cookie of its session: at once but for a bearer token. */
export function identify(
  request: FastifyRequest,
  { tokens, jwt, sessions }: Authentication,
  cookie: string | undefined,
): Identity | Promise<Identity> {
  if (tokens === undefined && jwt === undefined) return { kind: 'none', principal: anonymous(request) };
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, token] = BEARER.exec(authorization) ?? [];
    if (token === undefined) return { kind: 'bearer', refusal: 'invalid' };
    return checkToken(token, { tokens, jwt }).then((outcome) =>
      'refusal' in outcome ? { kind: 'bearer', refusal: outcome.refusal } : { kind: 'bearer', ...outcome },
    );
  }
  if (cookie === undefined) return { kind: 'none', refusal: 'missing' };
  const session = sessions.read(cookie, tokens?.current);
  return session === undefined ? { kind: 'session', refusal: 'expired' } : { kind: 'session', principal: session };
}

/** Checks a bearer token. The file's tokens come first: they cost no signature. */
export async function checkToken(
  token: string,
  { tokens, jwt }: { readonly tokens?: Authentication['tokens']; readonly jwt?: JwtVerifier | undefined },
): Promise<{ readonly principal: Principal; readonly digest?: Buffer } | { readonly refusal: Refusal }> {
  const known = tokens?.current.find(token);
  if (known !== undefined) return { principal: { kind: 'token', rights: known.rights }, digest: digestOf(token) };
  if (jwt === undefined || token.split('.').length !== 3) return { refusal: 'invalid' };
  const outcome = await jwt.verify(token);
  return outcome.kind === 'valid' ? { principal: outcome.principal } : { refusal: outcome.kind };
}

/** The answer to a request that is not known. What exactly is wrong with a token is told only when it was good once. */
export function refused(refusal: Refusal): HttpError {
  switch (refusal) {
    case 'missing':
      return new HttpError('UNAUTHENTICATED', 'A bearer token is needed here.', { 'www-authenticate': REALM });
    case 'unreachable':
      return new HttpError('ISSUER_UNREACHABLE', 'The keys of the issuer can not be had now.', { 'retry-after': '5' });
    case 'invalid':
    case 'expired': {
      const message = refusal === 'expired' ? 'The login has expired.' : 'The bearer token is not valid.';
      const challenge = `${REALM}, error="invalid_token", error_description="${message}"`;
      return new HttpError('UNAUTHENTICATED', message, { 'www-authenticate': challenge });
    }
  }
}

/**
 * Who needs no login. It may change things only from this machine, and only when neither a proxy nor a page of another name can
 * stand between: a name that was made to point here is how a browser is turned against what listens on loopback.
 */
function anonymous(request: FastifyRequest): Principal {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
  const local =
    forwarded === undefined && isLoopback(request.socket.remoteAddress ?? '') && isLoopback(bare(request.hostname));
  return { kind: 'anonymous', rights: local ? 'read-write' : 'read' };
}

function bare(host: string): string {
  return host.replaceAll(/[[\]]/g, '');
}
