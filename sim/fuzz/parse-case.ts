import * as z from 'zod';
import type { Action } from '../faults/action.ts';
import type { FuzzCase } from './case.ts';

const host = z.string().min(1);
const share = z.number().min(0).max(1);
const time = z.number().nonnegative();

const actions = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('crash'), host, withMachine: z.boolean() }),
  z.strictObject({ kind: z.literal('restart'), host, disk: z.boolean(), clock: z.number().optional() }),
  z.strictObject({ kind: z.enum(['pause', 'resume', 'leave', 'relabel']), host }),
  z.strictObject({ kind: z.enum(['join', 'misadvertise']), host }),
  z.strictObject({ kind: z.literal('twin'), host, of: host }),
  z.strictObject({ kind: z.literal('cut'), from: host, to: host }),
  z.strictObject({ kind: z.literal('sever'), host, other: host }),
  z.strictObject({ kind: z.literal('isolate'), host, way: z.enum(['both', 'in', 'out']) }),
  z.strictObject({ kind: z.literal('partition'), groups: z.array(z.array(host)) }),
  z.strictObject({ kind: z.literal('loss'), share, hosts: z.array(host) }),
  z.strictObject({ kind: z.literal('duplicate'), share }),
  z.strictObject({ kind: z.literal('slow'), host, extra: time }),
  z.strictObject({ kind: z.literal('heal') }),
]);

const fuzzCases = z.strictObject({
  seed: z.int(),
  latency: z.string(),
  nodes: z.int().min(1).max(1_000),
  bootstraps: z.int().min(1),
  drift: z.number(),
  startSpread: time,
  deadRetention: time,
  maxDeltaBytes: z.int().min(1),
  actions: z.array(z.strictObject({ at: time, action: actions })),
});

/**
 * Reads a case from JSON that a person gave.
 *
 * @throws {SyntaxError | z.ZodError} when it is no case, with what is wrong and where
 */
export function parseCase(text: string): FuzzCase {
  const json: unknown = JSON.parse(text);
  return toCase(json);
}

/** The same of JSON that is parsed already. */
export function toCase(json: unknown): FuzzCase {
  const parsed = fuzzCases.parse(json);
  return { ...parsed, actions: parsed.actions.map(({ at, action }) => ({ at, action: withoutGaps(action) })) };
}

/** An optional part that is absent is absent, not undefined. */
function withoutGaps(action: z.infer<typeof actions>): Action {
  if (action.kind !== 'restart') return action;
  const { clock, ...rest } = action;
  return clock === undefined ? rest : { ...rest, clock };
}
