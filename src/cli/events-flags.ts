import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';
import { type NodeAccess, type NodeFlags, type NodeVariables, nodeAccess } from './client/node-access.ts';
import { parseOutput } from './output-flag.ts';

/** The flags of `muster events` as they were given. */
export interface EventsFlags extends NodeFlags {
  readonly output?: string;
  readonly last?: string;
  readonly follow?: boolean;
}

/** What `muster events` is to do. */
export interface EventsRequest {
  readonly node: NodeAccess;
  readonly form: 'text' | 'json';
  /** How many of those that are already there, the newest ones. */
  readonly last: number;
  readonly follow: boolean;
}

/**
 * Checks what was asked of `muster events`.
 *
 * @returns the request, or one line for every mistake, safe to print
 */
export function parseEventsFlags(
  { output, last, follow = false, ...flags }: EventsFlags,
  env: NodeVariables,
): Result<EventsRequest, readonly string[]> {
  const form = parseOutput(output, ['text', 'json']);
  const node = nodeAccess(flags, env);
  const isCount = last === undefined || /^\d{1,6}$/.test(last);
  if (form.ok && node.ok && isCount) {
    return ok({ node: node.value, form: form.value, last: Number(last ?? Number.POSITIVE_INFINITY), follow });
  }
  return err([
    ...(form.ok ? [] : [form.error]),
    ...(isCount ? [] : [`--last: must be a whole number, got ${quote(last)}`]),
    ...(node.ok ? [] : node.error),
  ]);
}
