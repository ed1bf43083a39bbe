/** What somebody may do. */
export type Rights = 'read' | 'read-write';

/** Who sent a request, as far as it matters. */
export interface Principal {
  /** By what it was known: `anonymous` when nobody must log in. */
  readonly kind: 'token' | 'jwt' | 'session' | 'anonymous';
  readonly rights: Rights;
  /** Of its session. */
  readonly id?: string;
  /** Wall time in milliseconds from which it is no longer known; absent when that is not foreseen. */
  readonly expiresAt?: number;
}
