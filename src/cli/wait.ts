import { setTimeout as delay } from 'node:timers/promises';
import { ok, type Result } from '../base/result.ts';
import { formatDuration } from '../config/duration.ts';
import { fetchInfo } from './client/local.ts';
import type { RequestProblem } from './client/problem.ts';
import { failed, misused } from './complain.ts';
import { ExitCode } from './exit-code.ts';
import { fetchMemberlist } from './memberlist-client.ts';
import { standardOutput } from './standard-output.ts';
import type { Seen } from './wait-condition.ts';
import { parseWaitFlags, type WaitFlags, type WaitRequest } from './wait-flags.ts';

const COMMAND = 'muster wait';
const POLL_MS = 250;
/** What an answer may take at the least, even when hardly any time is left, and at the most. */
const LEAST_ANSWER_MS = 1_000;
const MOST_ANSWER_MS = 5_000;

/**
 * `muster wait`: looks again and again until all conditions are met at one look. A node that does not answer is waited for too.
 *
 * @returns the exit code: `unmet` when time was over and the node told otherwise, `failed` when it told nothing
 */
export async function runWait(flags: WaitFlags): Promise<ExitCode> {
  const parsed = parseWaitFlags(flags, process.env);
  if (!parsed.ok) return misused(parsed.error);
  const request = parsed.value;
  const { conditions, timeout } = request;
  const output = standardOutput();
  const began = performance.now();
  for (;;) {
    const left = Math.ceil(timeout - (performance.now() - began));
    const seen = await look(request, Math.min(Math.max(left, LEAST_ANSWER_MS), MOST_ANSWER_MS));
    if (!seen.ok && seen.error.kind === 'refused') return failed(COMMAND, seen.error.message);
    const unmet = conditions.filter((condition) => !seen.ok || !condition.isMet(seen.value));
    if (unmet.length === 0) {
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      output.write(`met after ${seconds}s: ${conditions.map(({ text }) => text).join(', ')}\n`);
      return ExitCode.ok;
    }
    if (performance.now() - began >= timeout) {
      const wanted = unmet.map(({ text }) => text).join(', ');
      const instead = seen.ok
        ? [...new Set(unmet.map((condition) => condition.describe(seen.value)))].join('; ')
        : seen.error.message;
      failed(COMMAND, `not within ${formatDuration(timeout)}: ${wanted}; seen last: ${instead}`);
      return seen.ok ? ExitCode.unmet : ExitCode.failed;
    }
    await delay(Math.min(POLL_MS, Math.max(0, timeout - (performance.now() - began))));
  }
}

/** Asks the node for what the conditions need to be told. */
async function look({ node, conditions, selector }: WaitRequest, most: number): Promise<Result<Seen, RequestProblem>> {
  const needs = new Set(conditions.map((condition) => condition.needs));
  const options = { timeout: most };
  const [list, info] = await Promise.all([
    needs.has('members') ? fetchMemberlist(node.url, { selector, states: [], token: node.token }, options) : undefined,
    needs.has('readiness') ? fetchInfo(node, options) : undefined,
  ]);
  if (list?.ok === false) return list;
  if (info?.ok === false) return info;
  return ok({
    ...(list === undefined ? {} : { members: list.value.members }),
    ...(info === undefined ? {} : { readiness: info.value.value.readiness }),
  });
}
