import type { Millis } from '../base/brands.ts';
import { err, ok, type Result } from '../base/result.ts';
import { parseDuration } from '../config/duration.ts';
import { quote } from '../config/text.ts';
import { type NodeAccess, type NodeFlags, type NodeVariables, nodeAccess } from './client/node-access.ts';
import { parseStates } from './state-flag.ts';
import { type Condition, parseCondition } from './wait-condition.ts';

const DEFAULT_TIMEOUT = '30s';
const MAX_TIMEOUT_MS = 86_400_000;

/** The flags of `muster wait` as they were given. */
export interface WaitFlags extends NodeFlags {
  readonly for?: readonly string[];
  readonly state?: readonly string[];
  readonly selector?: string;
  readonly timeout?: string;
}

/** What `muster wait` is to do. */
export interface WaitRequest {
  readonly node: NodeAccess;
  /** All of them must be met at one look. */
  readonly conditions: readonly Condition[];
  /** Only these members count. */
  readonly selector?: string | undefined;
  /** 0 asks for one look. */
  readonly timeout: Millis;
}

/**
 * Checks what was asked of `muster wait`.
 *
 * @returns the request, or one line for every mistake, safe to print
 */
export function parseWaitFlags(flags: WaitFlags, env: NodeVariables): Result<WaitRequest, readonly string[]> {
  const problems: string[] = [];
  const states = parseStates(flags.state);
  if (!states.ok) problems.push(...states.error);
  const conditions: Condition[] = [];
  for (const text of flags.for ?? []) {
    const condition = parseCondition(text, states.ok ? states.value : []);
    if (condition.ok) conditions.push(condition.value);
    else problems.push(`--for: ${condition.error}`);
  }
  if ((flags.for ?? []).length === 0) problems.push('--for: is needed, such as --for members=5');
  const given = flags.timeout ?? DEFAULT_TIMEOUT;
  const timeout = parseDuration(given);
  if (!timeout.ok) problems.push(`--timeout: ${timeout.error}, got ${quote(given)}`);
  else if (timeout.value > MAX_TIMEOUT_MS) problems.push(`--timeout: must be at most 24h, got ${quote(given)}`);
  const node = nodeAccess(flags, env);
  if (!node.ok) problems.push(...node.error);
  if (problems.length > 0 || !timeout.ok || !node.ok) return err(problems);
  return ok({ node: node.value, conditions, selector: flags.selector, timeout: timeout.value });
}
