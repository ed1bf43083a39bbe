import type { Millis } from '../base/brands.ts';
import { err, ok, type Result } from '../base/result.ts';
import { parseDuration } from '../config/duration.ts';
import { quote } from '../config/text.ts';

const DEFAULT_NODES = '5';
const MAX_NODES = 50;

/** The flags of `muster demo` as they were given. */
export interface DemoFlags {
  readonly nodes?: string;
  readonly for?: string;
}

/** What `muster demo` is to do. */
export interface DemoRequest {
  readonly nodes: number;
  /** How long to run from the moment that all agents are ready; absent: until a signal. */
  readonly runFor?: Millis;
}

/** Checks what was asked of `muster demo`: the request, or one line for every mistake, safe to print. */
export function parseDemoFlags(flags: DemoFlags): Result<DemoRequest, readonly string[]> {
  const problems: string[] = [];
  const given = flags.nodes ?? DEFAULT_NODES;
  const nodes = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (nodes < 1 || nodes > MAX_NODES) {
    problems.push(`--nodes: must be a whole number from 1 to ${MAX_NODES}, got ${quote(given)}`);
  }
  const runFor = flags.for === undefined ? undefined : parseDuration(flags.for);
  if (runFor?.ok === false) problems.push(`--for: ${runFor.error}, got ${quote(flags.for ?? '')}`);
  if (runFor?.ok === true && runFor.value > MAX_RUN_MS)
    problems.push(`--for: must be at most 24h, got ${quote(flags.for ?? '')}`);
  if (problems.length > 0) return err(problems);
  return ok({ nodes, ...(runFor?.ok === true ? { runFor: runFor.value } : {}) });
}

const MAX_RUN_MS = 86_400_000;
