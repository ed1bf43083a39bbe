import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { measured } from '../helpers/measured.ts';
import { labOf } from './lab/lab.ts';
import { keepUp, lasting } from './lab/lengths.ts';

const NODES = 10;
/** Programs that want the whole core for themselves. */
const BUSY = 8;

test('a core saturated by other work makes nobody DEAD', async (context) => {
  const lab = labOf(context, NODES);
  const core = lastCore();
  const agents = await lab.startMesh(lab.hosts, ['taskset', '--cpu-list', core]);
  const ms = lasting({ ci: 20, full: 60 });
  const busyAt = performance.now();
  const before = ticksOf(core);
  const busy = Array.from({ length: BUSY }, () => keepBusy(core, ms));
  context.onTestFinished(() => busy.forEach((child) => child.kill('SIGKILL')));
  await keepUp(ms);
  const after = ticksOf(core);
  const idlePercent = (100 * (after.idle - before.idle)) / (after.all - before.all);
  expect(measured('saturated core: idle', idlePercent, '%')).toBeLessThan(10);
  await lab.formed(agents);
  expect(lab.record.showings({ since: busyAt, states: ['DEAD', 'gone'] })).toStrictEqual([]);
  measured('saturated core: false suspicions', lab.record.lines('ACCUSED', busyAt).length, 'accusations');
  measured('saturated core: late cycles', lab.record.lines('LATE_CYCLE', busyAt).length, 'cycles');
  measured('saturated core: longest time without an answer', lab.record.longestGap());
});

/** Computes without end on one core; the loop bounds itself, should nobody end it. */
function keepBusy(core: string, ms: number): ChildProcess {
  const loop = `const end = Date.now() + ${ms}; while (Date.now() < end);`;
  return spawn('taskset', ['--cpu-list', core, process.execPath, '--eval', loop], { stdio: 'ignore' });
}

/** The last core that this process may use. */
function lastCore(): string {
  const allowed = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return allowed.split(/[,-]/).at(-1) ?? '0';
}

/** What a core has done since the machine began, in ticks of the kernel: the fourth and fifth figures are its idleness. */
function ticksOf(core: string): { readonly idle: number; readonly all: number } {
  const line = new RegExp(`^cpu${core} (.+)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
  const ticks = line.split(' ').map(Number);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: ticks.reduce((sum, tick) => sum + tick, 0) };
}
