import { err, ok, type Result } from '../base/result.ts';
import type { PeerState } from '../http/member-query.ts';
import { type NodeAccess, type NodeFlags, type NodeVariables, nodeAccess } from './client/node-access.ts';
import { type MemberOrder, parseOrder } from './members-sort.ts';
import { parseOutput } from './output-flag.ts';
import { parseStates } from './state-flag.ts';

const OUTPUTS = ['table', 'wide', 'json', 'yaml', 'name'] as const;

/** The forms that members can be printed in. */
export type Output = (typeof OUTPUTS)[number];

/** The flags of `muster members` as they were given. */
export interface MembersFlags extends NodeFlags {
  readonly output?: string;
  readonly selector?: string;
  readonly state?: readonly string[];
  readonly sort?: string;
  readonly watch?: boolean;
  readonly exitCode?: boolean;
}

/** What `muster members` is to do. */
export interface MembersRequest extends NodeAccess {
  readonly output: Output;
  readonly selector?: string | undefined;
  readonly states: readonly PeerState[];
  readonly sort: MemberOrder;
  readonly watch: boolean;
  /** Whether the exit code tells that no member matches. */
  readonly exitCode: boolean;
}

/**
 * Checks what was asked of `muster members`.
 *
 * @returns the request, or one line for every mistake, safe to print
 */
export function parseMembersFlags(flags: MembersFlags, env: NodeVariables): Result<MembersRequest, readonly string[]> {
  const problems: string[] = [];
  const output = parseOutput(flags.output, OUTPUTS);
  if (!output.ok) problems.push(output.error);
  const { selector, watch = false, exitCode = false } = flags;
  if (watch && output.ok && output.value !== 'table' && output.value !== 'wide') {
    problems.push(`--watch: goes with --output table or wide, not with ${output.value}`);
  }
  if (watch && exitCode) problems.push('--exit-code: does not go with --watch, which ends when you end it');
  const states = parseStates(flags.state);
  if (!states.ok) problems.push(...states.error);
  const sort = parseOrder(flags.sort ?? 'name');
  if (!sort.ok) problems.push(`--sort: ${sort.error}`);
  const node = nodeAccess(flags, env);
  if (!node.ok) problems.push(...node.error);
  if (problems.length > 0 || !output.ok || !states.ok || !sort.ok || !node.ok) return err(problems);
  return ok({ ...node.value, output: output.value, selector, states: states.value, sort: sort.value, watch, exitCode });
}
