import * as z from 'zod';
import { ok, type Result } from '../../base/result.ts';
import { STATES } from '../../http/member-query.ts';
import { EVENTS_PATH } from '../../http/paths.ts';
import { MEMBER } from '../memberlist-client.ts';
import type { NodeAccess } from './node-access.ts';
import type { RequestProblem } from './problem.ts';
import { type RequestOptions, requestJson } from './request.ts';

const MAX_WORD = 64;
const MAX_VALUE = 4_096;

const value = z.string().max(MAX_VALUE).optional();

const EVENT = z.object({
  seq: z.int().min(1),
  at: z.iso.datetime({ offset: true }),
  kind: z.string().max(MAX_WORD),
  id: MEMBER.shape.id,
  from: z.enum(STATES).optional(),
  to: z.enum(STATES).optional(),
  changes: z.array(z.object({ field: z.string().max(MAX_WORD), key: value, from: value, to: value })),
});
const EVENTS = { shape: z.array(EVENT), name: 'its last changes', item: 'event' };

/** A change as a node tells of it. Its texts are foreign: anything may stand in them. */
export type ListedEvent = z.infer<typeof EVENT>;

/** A change, and the same as it came. */
export interface ReceivedEvent {
  readonly event: ListedEvent;
  readonly raw: unknown;
}

/** Asks a node for the last changes that it noticed, the oldest first. It never throws. */
export async function fetchEvents(
  node: NodeAccess,
  options?: RequestOptions,
): Promise<Result<readonly ReceivedEvent[], RequestProblem>> {
  const answer = await requestJson(node, { path: EVENTS_PATH }, EVENTS, options);
  if (!answer.ok) return answer;
  const raw: readonly unknown[] = Array.isArray(answer.value.raw) ? answer.value.raw : [];
  return ok(answer.value.value.map((event, at) => ({ event, raw: raw[at] })));
}
