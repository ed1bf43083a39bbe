import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { ExpiringMap } from '../expiring-map.ts';
import type { Principal } from './principal.ts';
import { digestOf } from './tokens.ts';

/** How long a token that was found valid is believed without another look. */
const CACHE_MS = 60_000;
const CACHE_ENTRIES = 10_000;
/** How long the issuer may take to give its keys. */
const FETCH_TIMEOUT_MS = 5_000;
/** Signatures by a key pair. With a shared secret, whoever can check a token could also make one. */
const ALGORITHMS = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

/** What a JWT must be like. */
export interface JwtRules {
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys are; found by OpenID discovery when it is left out. */
  readonly jwks?: string;
  /** The scope that allows changes. */
  readonly writeScope: string;
  /** How far clocks may differ, in milliseconds. */
  readonly clockTolerance: number;
}

/** How the check of a JWT ended. `unreachable`: the issuer's keys could not be had, so nobody knows. */
export type JwtOutcome =
  | { readonly kind: 'valid'; readonly principal: Principal }
  | { readonly kind: 'expired' | 'invalid' | 'unreachable' };

/** What is wrong with the token, not with the keys, when a key is looked for. */
const CODES_ABOUT_TOKENS = new Set([
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JOSE_NOT_SUPPORTED',
]);

class KeysUnreachable extends Error {}

/** Checks JWTs of one issuer. The library and the issuer's keys are loaded when the first one comes. */
export class JwtVerifier {
  readonly #rules: JwtRules;
  readonly #now: () => number;
  readonly #valid = new ExpiringMap<Principal>(CACHE_ENTRIES);
  #keys: Promise<JWTVerifyGetKey> | undefined;

  /** @param now wall time in milliseconds */
  constructor(rules: JwtRules, now: () => number) {
    this.#rules = rules;
    this.#now = now;
  }

  /** Checks signature, issuer, audience and times. It never rejects. */
  async verify(token: string): Promise<JwtOutcome> {
    const key = digestOf(token).toString('base64');
    const known = this.#valid.get(key, this.#now());
    if (known !== undefined) return { kind: 'valid', principal: known };
    const { jwtVerify, errors } = await import('jose');
    try {
      const { issuer, audience, clockTolerance } = this.#rules;
      const { payload } = await jwtVerify(token, async (...asked) => this.#findKey(...asked), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        clockTolerance: clockTolerance / 1_000,
        currentDate: new Date(this.#now()),
      });
      const principal = this.#principalOf(payload);
      this.#valid.set(key, principal, Math.min(this.#now() + CACHE_MS, principal.expiresAt ?? 0));
      return { kind: 'valid', principal };
    } catch (error) {
      if (error instanceof KeysUnreachable) return { kind: 'unreachable' };
      return { kind: error instanceof errors.JWTExpired ? 'expired' : 'invalid' };
    }
  }

  async #findKey(...asked: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    try {
      const find = await this.#keySource();
      return await find(...asked);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      throw CODES_ABOUT_TOKENS.has(code) ? error : new KeysUnreachable();
    }
  }

  #principalOf(payload: JWTPayload): Principal {
    const { writeScope, clockTolerance } = this.#rules;
    const scopes = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [];
    const rights = scopes.includes(writeScope) ? 'read-write' : 'read';
    return { kind: 'jwt', rights, expiresAt: (payload.exp ?? 0) * 1_000 + clockTolerance };
  }

  /** The issuer's keys. They are kept, and asked for again when a token names one that is not among them. */
  async #keySource(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#findKeys().catch((error: unknown) => {
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }

  async #findKeys(): Promise<JWTVerifyGetKey> {
    const { createRemoteJWKSet } = await import('jose');
    const url = this.#rules.jwks ?? (await discover(this.#rules.issuer));
    return createRemoteJWKSet(new URL(url), { timeoutDuration: FETCH_TIMEOUT_MS });
  }
}

/** Asks the issuer where its keys are (OpenID Connect Discovery, section 4). */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  const document: unknown = answer.ok ? await answer.json() : undefined;
  if (typeof document === 'object' && document !== null && 'issuer' in document && 'jwks_uri' in document) {
    const { issuer: own, jwks_uri: keys } = document;
    if (own === issuer && typeof keys === 'string' && URL.canParse(keys)) return keys;
  }
  throw new Error(`${url} does not name the keys of ${issuer}`);
}
