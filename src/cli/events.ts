import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';
import { fetchEvents, type ReceivedEvent } from './client/events.ts';
import { type NodeAccess, type NodeFlags, nodeAccess } from './client/node-access.ts';
import { failed, misused } from './complain.ts';
import { newest } from './event-tail.ts';
import { eventLine } from './event-text.ts';
import { followEvents } from './events-follow.ts';
import { ExitCode } from './exit-code.ts';
import { parseOutput } from './output-flag.ts';
import { type StandardOutput, standardOutput } from './standard-output.ts';
import { escapedJson } from './terminal-text.ts';

/** The flags of `muster events` as they were given. */
export interface EventsFlags extends NodeFlags {
  readonly output?: string;
  readonly last?: string;
  readonly follow?: boolean;
}

interface EventsRequest {
  readonly node: NodeAccess;
  readonly form: 'text' | 'json';
  /** How many of those that are already there, the newest ones. */
  readonly last: number;
  readonly follow: boolean;
}

/**
 * `muster events`: prints what a node noticed lately, the oldest first, and with `--follow` what it notices from now on.
 *
 * @returns the exit code
 */
export async function runEvents(flags: EventsFlags): Promise<ExitCode> {
  const parsed = parseEventsFlags(flags, process.env);
  if (!parsed.ok) return misused(parsed.error);
  const { node, form, last, follow } = parsed.value;
  const output = standardOutput();
  const show = (events: readonly ReceivedEvent[]): void => output.write(rendered(events, form, output));
  if (follow) return followEvents(node, { last, show, closed: output.closed });
  const fetched = await fetchEvents(node);
  if (!fetched.ok) return failed('muster events', fetched.error.message);
  show(newest(fetched.value, last));
  return ExitCode.ok;
}

/**
 * Checks what was asked of `muster events`.
 *
 * @returns the request, or one line for every mistake, safe to print
 */
export function parseEventsFlags(
  { output, last, follow = false, ...flags }: EventsFlags,
  env: NodeJS.ProcessEnv,
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

function rendered(events: readonly ReceivedEvent[], form: 'text' | 'json', { color }: StandardOutput): string {
  const lines = events.map(({ event, raw }) =>
    form === 'json' ? escapedJson(JSON.stringify(raw)) : eventLine(event, color),
  );
  return lines.map((line) => `${line}\n`).join('');
}
