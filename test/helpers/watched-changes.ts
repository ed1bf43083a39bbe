import { readFile } from 'node:fs/promises';
import { expect, type TestContext } from 'vitest';
import { agentsOf } from './agents.ts';
import { Crowd } from './crowd.ts';
import { eventually } from './eventually.ts';
import { measured } from './measured.ts';
import type { MetricsText } from './metrics-text.ts';

const MIB = 2 ** 20;
/** Beside a crowd in the same process a client waits for its own turn too. */
const PATCH_MS = 30_000;
const MAX_RSS_BYTES = 200 * MIB;

export interface CrowdSize {
  readonly streams: number;
  readonly sockets: number;
  readonly channelsOfEach: number;
  readonly changes: number;
}

/**
 * Has a crowd watch one agent of a pair while its metadata change, each change made when the last one was answered. Every watcher must
 * be told every change once and in order, the agent must stay small, and gossip must keep its pace.
 */
export async function expectEveryWatcherToBeTold(context: TestContext, size: CrowdSize): Promise<void> {
  const [agent] = await agentsOf(context).startPair(['watched', 'other']);
  const crowd = new Crowd(agent.http);
  context.onTestFinished(() => crowd.close());
  crowd.addStreams(size.streams);
  await crowd.addChannels(size.sockets, size.channelsOfEach);
  const watchers = size.streams + size.sockets * size.channelsOfEach;
  const allAt = async (number: number, deadlineMs: number): Promise<number> =>
    eventually({
      what: `all watchers were told change ${number}`,
      deadlineMs,
      read: () => crowd.at(number),
      until: (count) => count === watchers,
    });
  await allAt(0, 30_000);

  const before = await agent.metrics();
  const began = performance.now();
  for (let number = 1; number <= size.changes; number += 1) {
    const labels = { n: String(number) };
    const answer = await agent.send('PATCH', '/api/v1alpha1/local/metadata', { labels }, PATCH_MS);
    expect(answer.status).toBe(200);
  }
  await allAt(size.changes, 60_000);
  measured(`${size.changes} changes told to ${watchers} watchers`, performance.now() - began);
  const rss = await peakRss(agent.pid);
  const metrics = await agent.metrics();
  measured('the same, in CPU time of the agent', cpuMs(metrics) - cpuMs(before));

  expect(crowd.sequences.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(new Set(crowd.sequences.map(({ last }) => last))).toEqual(new Set([size.changes]));
  expect(metrics.value('muster_watchers', { transport: 'sse' })).toBe(size.streams);
  expect(metrics.value('muster_late_cycles_total')).toBe(before.value('muster_late_cycles_total'));
  expect(rss).toBeLessThan(MAX_RSS_BYTES);
}

function cpuMs(metrics: MetricsText): number {
  return metrics.value('process_cpu_seconds_total') * 1_000;
}

/** The most memory that a process has ever had resident, in bytes. */
async function peakRss(pid: number): Promise<number> {
  const kibibytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
  if (process.env['MEASURE'] === '1') process.stderr.write(`measured: peak resident memory: ${kibibytes} KiB\n`);
  return kibibytes * 1_024;
}
