import { createHash } from 'node:crypto';
import type { UnixMillis } from '../base/brands.ts';
import type { Representation } from './negotiation.ts';

/** How finely answers follow the clock: `lastSeen` alone makes a new one at most once a second. */
export const RESOLUTION_MS = 1_000;

/** All that a memberlist answer depends on. */
export interface AnswerKey {
  /** Of this process: the revision begins anew with it. */
  readonly nonce: string;
  readonly revision: number;
  readonly now: UnixMillis;
  readonly representation: Representation;
  /** Whatever else changes the answer, such as the query, in a form that is equal for equal meanings. */
  readonly variant: string;
}

/**
 * The entity tag of an answer, without making the answer. It is weak: two answers of one second may differ in bytes (of
 * `lastSeen`) and mean the same.
 */
export function entityTag(key: AnswerKey): string {
  const { nonce, revision, now, representation, variant } = key;
  const second = Math.floor(now / RESOLUTION_MS);
  const hash = variant === '' ? '' : `-${createHash('sha256').update(variant).digest('base64url').slice(0, 22)}`;
  return `W/"${nonce}-${revision.toString(36)}-${second.toString(36)}-${representation}${hash}"`;
}

const OPAQUE_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** Tells whether an `If-None-Match` header names the tag, by weak comparison (RFC 9110, section 13.1.2). */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === tag) return true;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return [...ifNoneMatch.matchAll(OPAQUE_TAG)].some((match) => match[1] === opaque);
}
