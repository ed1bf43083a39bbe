import * as z from 'zod';
import { MAX_ID_BYTES } from '../base/brands.ts';
import { MAX_ENDPOINT_BYTES, MAX_LABELS } from '../base/metadata.ts';
import { ok, type Result } from '../base/result.ts';
import { type PeerState, STATES } from '../http/member-query.ts';
import { MEMBERLIST_PATH } from '../http/paths.ts';
import type { RequestProblem } from './client/problem.ts';
import { type RequestOptions, requestJson } from './client/request.ts';

const MAX_ADDRESS = 512;
const MAX_LABEL_TEXT = 512;

const ID = z.string().min(1).max(MAX_ID_BYTES);
const ADDRESS = z.string().max(MAX_ADDRESS);

/** What a node tells of its cluster. */
export const CLUSTER = z.object({
  apiEndpoint: z.string().max(MAX_ENDPOINT_BYTES),
  apiPort: z.int().min(0).max(65_535),
  labels: z
    .record(z.string().max(MAX_LABEL_TEXT), z.string().max(MAX_LABEL_TEXT))
    .refine((labels) => Object.keys(labels).length <= MAX_LABELS, { error: `more than ${MAX_LABELS} labels` }),
});

/** A member as the memberlist has it. */
export const MEMBER = z.object({
  id: ID,
  address: ADDRESS,
  lastSeen: z.iso.datetime({ offset: true }),
  version: z.int().min(0),
  state: CLUSTER,
  peerState: z.enum(STATES),
  isLocal: z.boolean(),
  reachability: z.enum(['direct', 'indirect']).optional(),
  left: z.boolean().optional(),
});
const MEMBERLIST = { shape: z.array(MEMBER), name: 'a memberlist', item: 'member' };

/** A member as a node's HTTP face tells of it (interfaces, section 2). Its texts are foreign: anything may stand in them. */
export type ListedMember = z.infer<typeof MEMBER>;

/** Which members are wanted. */
export interface MemberlistQuery {
  readonly selector?: string | undefined;
  /** None at all means every state. */
  readonly states: readonly PeerState[];
  /** Bearer token, where the node asks for one. */
  readonly token?: string | undefined;
}

export interface Memberlist {
  readonly members: readonly ListedMember[];
  /** The same members as they came, with fields that this version does not know. */
  readonly raw: readonly unknown[];
  /** Wall time of the node when it answered, in milliseconds since 1970; our own where it did not tell. */
  readonly asOf: number;
}

/**
 * Asks a node for its memberlist. It never throws and never takes longer than the timeout; redirects are not followed.
 *
 * @param base the node's HTTP address; a path in it stays in front of the memberlist's
 */
export async function fetchMemberlist(
  base: URL,
  { selector, states, token }: MemberlistQuery,
  options: RequestOptions = {},
): Promise<Result<Memberlist, RequestProblem>> {
  const query = new URLSearchParams();
  if (selector !== undefined) query.set('labelSelector', selector);
  for (const state of states) query.append('peerState', state);
  const request = { path: MEMBERLIST_PATH, query };
  const answer = await requestJson({ url: base, token }, request, MEMBERLIST, options);
  if (!answer.ok) return answer;
  const { value, raw, asOf } = answer.value;
  return ok({ members: value, raw: Array.isArray(raw) ? raw : [], asOf });
}
