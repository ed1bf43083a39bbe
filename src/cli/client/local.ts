import * as z from 'zod';
import { ok, type Result } from '../../base/result.ts';
import {
  LOCAL_INFO_PATH,
  LOCAL_JOIN_PATH,
  LOCAL_LEAVE_PATH,
  LOCAL_METADATA_PATH,
  MEMBERS_API_PATH,
} from '../../http/paths.ts';
import { CLUSTER, MEMBER } from '../memberlist-client.ts';
import type { NodeAccess } from './node-access.ts';
import type { RequestProblem } from './problem.ts';
import { type Answer, type RequestOptions, requestDone, requestJson } from './request.ts';

/** A node may wait this long for its goodbye to be acknowledged, in milliseconds; with some time for the way. */
const LEAVE_TIMEOUT_MS = 10_000;
const MAX_TEXT = 512;

const text = z.string().max(MAX_TEXT);
const texts = z.array(text).max(1_000);
const count = z.int().min(0);

const INFO = z.object({
  id: MEMBER.shape.id,
  mesh: text,
  gossipAddress: text,
  httpAddress: text.optional(),
  version: count,
  state: CLUSTER,
  readiness: z.object({
    status: z.enum(['ready', 'not_ready']),
    reason: text.optional(),
    isolated: z.boolean().optional(),
    waitingFor: texts.optional(),
    duplicateAddresses: texts.optional(),
  }),
  members: z.object({
    total: count,
    healthy: count,
    suspected: count,
    dead: count,
    left: count,
    indirect: count,
  }),
  startedAt: z.iso.datetime({ offset: true }),
  software: z.object({ muster: text, node: text }),
});

/** What a node has to say of itself. Its texts are foreign: anything may stand in them. */
export type NodeInfo = z.infer<typeof INFO>;

type Labels = Readonly<Record<string, string>>;

/** What a request gives: its answer, or why there is none. None of these functions ever throws. */
type Asked<Value> = Promise<Result<Value, RequestProblem>>;

/** Asks a node what it has to say of itself. */
export async function fetchInfo(node: NodeAccess, options?: RequestOptions): Asked<Answer<NodeInfo>> {
  return requestJson(node, { path: LOCAL_INFO_PATH }, { shape: INFO, name: 'what a node says of itself' }, options);
}

/** Has a node try further addresses to find its mesh by. It does so in its own time. */
export async function joinMesh(node: NodeAccess, targets: readonly string[]): Asked<undefined> {
  return requestDone(node, { method: 'POST', path: LOCAL_JOIN_PATH, body: { targets } });
}

/** Has a node say goodbye to its mesh. Gives the number of peers that have heard it. */
export async function leaveMesh(node: NodeAccess): Asked<number> {
  const expected = { shape: z.object({ acknowledged: count }), name: 'who heard its goodbye' };
  const request = { method: 'POST', path: LOCAL_LEAVE_PATH } as const;
  const left = await requestJson(node, request, expected, { timeout: LEAVE_TIMEOUT_MS });
  return left.ok ? ok(left.value.value.acknowledged) : left;
}

/** Has a node take a dead member from every memberlist. */
export async function forgetMember(node: NodeAccess, id: string): Asked<undefined> {
  return requestDone(node, { method: 'DELETE', path: MEMBERS_API_PATH + encodeURIComponent(id) });
}

/** Asks for the labels that a node tells of its cluster. */
export async function fetchLabels(node: NodeAccess): Asked<Labels> {
  const expected = { shape: CLUSTER, name: 'the metadata of its cluster' };
  const answer = await requestJson(node, { path: LOCAL_METADATA_PATH }, expected);
  return answer.ok ? ok(answer.value.value.labels) : answer;
}

/** Changes labels of a node's cluster; null removes one. Gives all labels as they are then. */
export async function patchLabels(node: NodeAccess, labels: Readonly<Record<string, string | null>>): Asked<Labels> {
  const request = { method: 'PATCH', path: LOCAL_METADATA_PATH, body: { labels } } as const;
  const answer = await requestJson(node, request, { shape: MEMBER, name: 'its own record' });
  return answer.ok ? ok(answer.value.value.state.labels) : answer;
}
