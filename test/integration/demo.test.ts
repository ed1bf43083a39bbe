import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { isRunning } from '../helpers/processes.ts';
import { exitOf, runMuster, startMuster } from '../helpers/program.ts';

/** A fleet has started by then, on a machine that is busy with other things too. */
const STARTED_MS = 20_000;

/** A demo that runs, what it has printed, and the agents that it has named. */
class Demo {
  readonly exited;
  stdout = '';
  stderr = '';
  readonly #child;

  constructor(...flags: readonly string[]) {
    this.#child = startMuster(['demo', ...flags]);
    this.exited = exitOf(this.#child);
    this.#child.stdout.on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr.on('data', (text: string) => {
      this.stderr += text;
    });
    onTestFinished(async () => {
      // A failed test must not leave anything behind either.
      this.#child.kill('SIGKILL');
      await this.exited;
      for (const pid of this.pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    });
  }

  get pids(): readonly number[] {
    return [...this.stdout.matchAll(/ {2}http:\/\/\S+\/ {2}pid (\d+)$/gm)].map(([, pid]) => Number(pid));
  }

  get pages(): readonly string[] {
    return [...this.stdout.matchAll(/ {2}(http:\/\/\S+\/) {2}pid/g)].map(([, page]) => page ?? '');
  }

  async says(what: RegExp, deadlineMs: number): Promise<number> {
    return eventually({
      what: `the demo says ${what}`,
      deadlineMs,
      read: () => this.stdout,
      until: (text) => what.test(text),
      show: (text) => text + this.stderr,
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async leavesNothing(deadlineMs: number): Promise<void> {
    await eventually({
      what: 'no agent is left',
      deadlineMs,
      read: () => this.pids.filter((pid) => isRunning(pid)),
      until: (left) => left.length === 0,
    });
  }
}

describe('muster demo', () => {
  test('all five clusters see five HEALTHY within ten seconds of being ready, and Ctrl-C ends all of them', async () => {
    const demo = new Demo();
    const agreed = /^\S+ all 5 clusters see 5 HEALTHY, (\d+\.\d) s after the last agent was ready$/m;
    await demo.says(agreed, STARTED_MS + 10_000);
    expect(Number(agreed.exec(demo.stdout)?.[1])).toBeLessThan(10);
    expect(demo.pids).toHaveLength(5);
    expect(demo.pids.every((pid) => isRunning(pid))).toBe(true);
    const page = await fetch(demo.pages[4] ?? '', { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('prod-eu-west');
    demo.signal('SIGINT');
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    expect(demo.pids.filter((pid) => isRunning(pid))).toEqual([]);
  });

  test('leaves no agent behind when it is killed without a word', async () => {
    const demo = new Demo('--nodes', '3');
    await demo.says(/all 3 clusters see 3 HEALTHY/, STARTED_MS);
    expect(demo.pids).toHaveLength(3);
    demo.signal('SIGKILL');
    await demo.exited;
    await demo.leavesNothing(8_000);
  });

  test('says that an agent has died, and goes on', async () => {
    const demo = new Demo('--nodes', '3');
    await demo.says(/all 3 clusters see 3 HEALTHY/, STARTED_MS);
    const [, , victim = Number.NaN] = demo.pids;
    process.kill(victim, 'SIGKILL');
    await demo.says(new RegExp(`the agent of prod-ap-tokyo \\(pid ${victim}\\) has ended: SIGKILL$`, 'm'), 5_000);
    await demo.says(/prod-eu-west shows 2 HEALTHY, 1 SUSPECTED_DEAD \(prod-ap-tokyo\)$/m, 15_000);
    demo.signal('SIGTERM');
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    await demo.leavesNothing(0);
  });

  test('ends by itself after the time that it was given', async () => {
    const demo = await runMuster(['demo', '--nodes', '2', '--for', '3s'], { env: { MUSTER_NODE_ID: 'mine' } });
    expect(demo).toMatchObject({ code: 0, stderr: '' });
    expect(demo.stdout).toContain('all 2 clusters see 2 HEALTHY');
  });

  test('exits 1 when they have not all seen each other in that time', async () => {
    const demo = await runMuster(['demo', '--nodes', '2', '--for', '1ms']);
    expect(demo).toMatchObject({ code: 1, stderr: 'muster demo: not all 2 clusters saw 2 HEALTHY within 1ms\n' });
  });

  test('says why an agent could not start, and ends the others', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'muster-demo-'));
    onTestFinished(async () => rm(directory, { recursive: true }));
    const trap = join(directory, 'trap.cjs');
    const code = `if (process.argv.includes('prod-us-east')) { console.error('no luck\\u001B[31m today'); process.exit(3); }`;
    await writeFile(trap, code);
    const demo = await runMuster(['demo', '--nodes', '3'], { env: { NODE_OPTIONS: `--require ${trap}` } });
    expect(demo).toMatchObject({
      code: 1,
      stderr:
        'muster demo: the agent of prod-us-east did not start: it ended with exit code 3\n  no luck\uFFFD[31m today\n',
    });
  });

  test('exits 2 with a line for every mistake', async () => {
    const wrong = await runMuster(['demo', '--nodes', '51', '--for', 'ever']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['--nodes', '--for', '']);
  });
});
