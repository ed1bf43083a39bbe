import { describe, expect, type TestContext, test } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { isRunning } from '../helpers/processes.ts';
import { musterThere, Terminal } from '../helpers/terminal.ts';

const STARTED_MS = 20_000;
const NOTICED_MS = 15_000;
const UP = '\u001B[A';
const DOWN = '\u001B[B';

/** A demo of three on a terminal, formed, and the processes of its agents. */
async function startShow(context: TestContext): Promise<{ terminal: Terminal; pids: readonly number[] }> {
  const terminal = new Terminal(context, musterThere(['demo', '--nodes', '3']));
  await terminal.shows(/all 3 clusters see 3 HEALTHY/, STARTED_MS);
  const pids: number[] = [];
  for (const [at, name] of ['prod-eu-west', 'prod-us-east', 'prod-ap-tokyo'].entries()) {
    terminal.press(at === 0 ? UP : DOWN);
    const [, pid] = await terminal.shows(new RegExp(`${name}: its page is \\S+, its pid (\\d+)`), 3_000);
    pids.push(Number(pid));
  }
  context.onTestFinished(() => {
    for (const pid of [terminal.pid, ...pids]) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  return { terminal, pids };
}

/** Presses a key and waits for what is said then. */
async function press(terminal: Terminal, key: string, what: RegExp, deadlineMs = 5_000): Promise<RegExpExecArray> {
  const from = terminal.text.length;
  terminal.press(key);
  return terminal.shows(what, deadlineMs, from);
}

/** What `stty` says of a terminal that is as it was, with its cursor. */
async function expectRestored(terminal: Terminal): Promise<void> {
  await terminal.ended;
  expect(terminal.text).toMatch(/ icanon/);
  expect(terminal.text).toMatch(/ echo /);
  expect(terminal.raw.lastIndexOf('\u001B[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\u001B[?25l'));
}

async function leavesNothing(pids: readonly number[]): Promise<void> {
  await eventually({
    what: 'no agent is left',
    deadlineMs: 8_000,
    read: () => pids.filter(isRunning),
    until: (left) => left.length === 0,
  });
}

describe.concurrent('muster demo on a terminal', () => {
  test('kills, restarts and relabels a cluster by keys, and tells what the others notice', async (context) => {
    const { terminal, pids } = await startShow(context);
    await press(terminal, 'k', /killed prod-ap-tokyo: SIGKILL to pid (\d+)/);
    await leavesNothing(pids.slice(2));
    const [, seconds] = await terminal.shows(
      /(\d+\.\d) s after the kill: prod-ap-tokyo is SUSPECTED_DEAD everywhere/,
      NOTICED_MS,
    );
    expect(Number(seconds)).toBeGreaterThan(3);
    const [, pid] = await press(terminal, 'r', /prod-ap-tokyo is ready as a new process, pid (\d+)/, NOTICED_MS);
    expect(isRunning(Number(pid))).toBe(true);
    await terminal.shows(/s after the start: prod-ap-tokyo is HEALTHY everywhere/, 10_000);
    await press(terminal, 'l', /s after the relabel: prod-ap-tokyo has tier=edge everywhere/);
    await press(terminal, '?', /stops the process \(SIGSTOP\)/);
    terminal.press('q');
    await expectRestored(terminal);
    expect(terminal.text).toContain('EXIT 0');
    expect([...pids, Number(pid)].filter(isRunning)).toEqual([]);
  });

  test('cuts the network of a cluster in both directions, and mends it', async (context) => {
    const { terminal, pids } = await startShow(context);
    await press(terminal, 'c', /cut prod-ap-tokyo off/);
    await terminal.shows(/s after the cut: prod-ap-tokyo is SUSPECTED_DEAD everywhere/, NOTICED_MS);
    await terminal.shows(/prod-ap-tokyo .* cut off +SUSPECTED_DEAD +1 HEALTHY, 2 SUSPECTED_DEAD/, 5_000);
    await press(terminal, 'c', /s after the mend: prod-ap-tokyo is HEALTHY everywhere/, 10_000);
    terminal.press('\u0003');
    await expectRestored(terminal);
    expect(terminal.text).toContain('EXIT 0');
    await leavesNothing(pids);
  });

  test('leaves no agent behind when it is killed without a word, not even one that is paused', async (context) => {
    const { terminal, pids } = await startShow(context);
    await press(terminal, 'p', /paused prod-ap-tokyo: SIGSTOP/);
    process.kill(terminal.pid, 'SIGKILL');
    await leavesNothing(pids);
  });

  test('gives the terminal back when a signal ends it, and ends one that is paused', async (context) => {
    const { terminal, pids } = await startShow(context);
    await press(terminal, 'p', /paused prod-ap-tokyo: SIGSTOP/);
    process.kill(terminal.pid, 'SIGTERM');
    await expectRestored(terminal);
    expect(terminal.text).toContain('EXIT 0');
    await leavesNothing(pids);
  });
});
