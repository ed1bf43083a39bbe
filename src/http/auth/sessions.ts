import { randomUUID } from 'node:crypto';
import { ExpiringMap } from '../expiring-map.ts';
import type { Principal, Rights } from './principal.ts';
import { SessionKeys } from './session-keys.ts';
import type { TokenSet } from './tokens.ts';

/** How long a person stays logged in at the most. */
const LIFETIME_MS = 8 * 60 * 60 * 1_000;
/** Logged-out sessions that are remembered until they would have expired. */
const REVOKED_ENTRIES = 100_000;

/** What a session's cookie says. It is signed, not hidden, so nothing of the token stands in it. */
interface SessionData {
  readonly id: string;
  readonly rights: Rights;
  /** Wall time in milliseconds. */
  readonly expiresAt: number;
  /** Which token of the file it was begun with; absent when that was a JWT. */
  readonly token?: string;
}

/** Sessions of people who logged in with a token. The state is in their cookies; here are only the keys and who logged out. */
export class Sessions {
  readonly #keys: { readonly current: SessionKeys };
  readonly #revoked = new ExpiringMap<true>(REVOKED_ENTRIES);
  readonly #now: () => number;

  /**
   * @param now wall time in milliseconds
   * @param keys those that hold now. When they are left out they are this process's own, and end with it
   */
  constructor(now: () => number, keys: { readonly current: SessionKeys } = { current: SessionKeys.random() }) {
    this.#now = now;
    this.#keys = keys;
  }

  /** The key for what else must be bound to the sessions. */
  get secret(): Buffer {
    return this.#keys.current.first;
  }

  /**
   * Begins a session.
   *
   * @param token digest of the token of the file, when it is one of those
   * @returns the cookie's value and its life in seconds
   */
  begin(principal: Principal, token: Buffer | undefined): { readonly cookie: string; readonly maxAge: number } {
    const now = this.#now();
    const expiresAt = Math.min(now + LIFETIME_MS, principal.expiresAt ?? Number.POSITIVE_INFINITY);
    const data: SessionData = {
      id: randomUUID(),
      rights: principal.rights,
      expiresAt,
      ...(token === undefined ? {} : { token: this.#keys.current.fingerprint(token) }),
    };
    const payload = Buffer.from(JSON.stringify(data)).toString('base64url');
    return { cookie: this.#keys.current.sign(payload), maxAge: Math.max(0, Math.floor((expiresAt - now) / 1_000)) };
  }

  /**
   * Reads a cookie's value.
   *
   * @param tokens the ones that hold now: a session ends with the token that it was begun with
   * @returns undefined when it is none of ours, has expired, was ended, or lost its token
   */
  read(cookie: string, tokens: TokenSet | undefined): (SessionData & Principal) | undefined {
    const keys = this.#keys.current;
    const value = keys.unsign(cookie);
    if (value === undefined) return undefined;
    // Signed by us, so it is what we wrote.
    const data = JSON.parse(Buffer.from(value, 'base64url').toString()) as SessionData;
    if (data.expiresAt <= this.#now() || this.#revoked.get(data.id, this.#now()) === true) return undefined;
    const { token } = data;
    if (token === undefined) return { ...data, kind: 'session' };
    const known = tokens?.findBy((digest) => keys.isFingerprint(token, digest));
    return known === undefined ? undefined : { ...data, rights: known.rights, kind: 'session' };
  }

  /** Ends a session before its time. */
  end({ id, expiresAt }: Pick<SessionData, 'id' | 'expiresAt'>): void {
    this.#revoked.set(id, true, expiresAt);
  }
}
