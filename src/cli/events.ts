import { fetchEvents, type ReceivedEvent } from './client/events.ts';
import { failed, misused } from './complain.ts';
import { newest } from './event-tail.ts';
import { eventLine } from './event-text.ts';
import { type EventsFlags, parseEventsFlags } from './events-flags.ts';
import { followEvents } from './events-follow.ts';
import { ExitCode } from './exit-code.ts';
import { type StandardOutput, standardOutput } from './standard-output.ts';
import { escapedJson } from './terminal-text.ts';

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

function rendered(events: readonly ReceivedEvent[], form: 'text' | 'json', { color }: StandardOutput): string {
  const lines = events.map(({ event, raw }) =>
    form === 'json' ? escapedJson(JSON.stringify(raw)) : eventLine(event, color),
  );
  return lines.map((line) => `${line}\n`).join('');
}
