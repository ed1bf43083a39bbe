import { setTimeout as delay } from 'node:timers/promises';
import type { RequestProblem } from './client/problem.ts';
import { failed } from './complain.ts';
import { ExitCode } from './exit-code.ts';
import { LiveScreen } from './live-screen.ts';
import { fetchMemberlist, type ListedMember, type Memberlist } from './memberlist-client.ts';
import { memberChanges, timeOfDay } from './members-changes.ts';
import type { MembersRequest } from './members-flags.ts';
import { sortedMembers } from './members-sort.ts';
import { membersTable } from './members-table.ts';
import { nextSignal } from './signals.ts';
import type { StandardOutput } from './standard-output.ts';
import { styled } from './table.ts';
import { truncated } from './terminal-text.ts';

const POLL_MS = 1_000;

/** Is told of every answer, and of every failure. */
interface Display {
  show(list: Memberlist): void;
  away(problem: RequestProblem): void;
  close(): void;
}

/**
 * Asks a node for its members every second until a signal, or until nobody reads any more. On a terminal the table is drawn again in
 * its place, elsewhere a line is printed for each change. A node that is away is waited for; one that refuses the query is not.
 */
export async function watchMembers(request: MembersRequest, output: StandardOutput): Promise<ExitCode> {
  const stop = new AbortController();
  void nextSignal().then(() => stop.abort());
  const ended = AbortSignal.any([stop.signal, output.closed]);
  const display = output.terminal ? tableDisplay(request, output) : changesDisplay(request, output);
  let refused: RequestProblem | undefined;
  while (!ended.aborted && refused === undefined) {
    const fetched = await fetchMemberlist(request.url, request, { signal: ended });
    if (ended.aborted) break;
    if (fetched.ok) display.show(fetched.value);
    else if (fetched.error.kind === 'refused') refused = fetched.error;
    else display.away(fetched.error);
    await delay(refused === undefined ? POLL_MS : 0, undefined, { signal: ended }).catch(() => undefined);
  }
  display.close();
  return refused === undefined ? ExitCode.ok : failed('muster members', refused.message);
}

/** For a terminal: the table, and beneath it since when it is so. */
function tableDisplay(request: MembersRequest, output: StandardOutput): Display {
  const screen = new LiveScreen(output);
  let last: Memberlist | undefined;
  let awaySince: Date | undefined;
  const draw = (status: string, list: Memberlist | undefined): void => {
    const width = output.size()?.columns;
    const { color } = output;
    const table =
      list === undefined
        ? []
        : membersTable(sortedMembers(list, request.sort).members, {
            asOf: list.asOf,
            wide: request.output === 'wide',
            width,
            color,
          });
    const line = truncated(status, width ?? Number.POSITIVE_INFINITY);
    screen.draw([styled(line, awaySince === undefined ? 'faint' : 'bad', color), ...table]);
  };
  return {
    show(list) {
      last = list;
      awaySince = undefined;
      draw(`${timeOfDay()}  ${count(list.members)} at ${request.url.host}`, list);
    },
    away(problem) {
      awaySince ??= new Date();
      const old = last === undefined ? '' : '; the list is old';
      draw(`${timeOfDay(awaySince)}  ${problem.message}${old}`, last);
    },
    close: () => screen.close(),
  };
}

/** For a pipe: a line for each change on standard output; that the node is away, and that it is back, on standard error. */
function changesDisplay(request: MembersRequest, output: StandardOutput): Display {
  let last: readonly ListedMember[] = [];
  let isAway = false;
  return {
    show({ members }) {
      if (isAway) process.stderr.write(`${timeOfDay()} ${request.url.origin} is back\n`);
      isAway = false;
      output.write(
        memberChanges(last, members)
          .map((line) => `${timeOfDay()} ${line}\n`)
          .join(''),
      );
      last = members;
    },
    away(problem) {
      if (!isAway) process.stderr.write(`${timeOfDay()} ${problem.message}\n`);
      isAway = true;
    },
    close: () => undefined,
  };
}

function count(members: readonly ListedMember[]): string {
  return members.length === 1 ? '1 member' : `${members.length} members`;
}
