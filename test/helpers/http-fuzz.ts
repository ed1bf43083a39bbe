import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import pLimit from 'p-limit';
import { expect } from 'vitest';
import { type AgentProcess, allHealthy } from './agent-process.ts';
import type { Agents } from './agents.ts';
import { hostileRequest, sendRaw } from './hostile-http.ts';
import { settledMemory } from './measurable.ts';
import { measured } from './measured.ts';

const MIB = 2 ** 20;
const AT_ONCE = 16;
const BATCH = 500;
/** What an allocator may keep for later. A leak of 100 bytes a request would be five times as much in the long run. */
const FLAT_BYTES = 10 * MIB;
const HEALTHY_MS = 10_000;
const TOKEN = 'fuzz-0123456789abcdef';
const TRACE = /\n\s+at |node:internal|node_modules|\.[cm]?[jt]s:\d+/;

/** Sends so many random and hostile requests to a node of a pair, and checks what came back and what it left behind. */
export async function fuzzHttp(agents: Agents, requests: number): Promise<void> {
  const tokens = join(await agents.directory(), 'tokens');
  await writeFile(tokens, `read ${TOKEN}`);
  const unlimited = ['--http-token-file', tokens, '--http-rate', '1000000', '--http-burst', '1000000'];
  const target = await agents.start('target', ...unlimited);
  const other = await agents.start('other', '--join', target.gossip);
  await other.waitFor(allHealthy('other', 'target'), HEALTHY_MS, 'the pair');

  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
  const samples = fc.sample(hostileRequest(TOKEN), { numRuns: requests, seed });
  // The first quarter compiles and caches what there is to; the rest must leave nothing behind.
  const warmUp = Math.ceil(samples.length / 4);
  const statuses = await send(target, samples.slice(0, warmUp), seed);
  const before = await settledMemory(target);
  statuses.push(...(await send(target, samples.slice(warmUp), seed)));
  const grown = (await settledMemory(target)) - before;

  measured('hostile requests that were answered', statuses.length, 'requests');
  measured('resident memory gained by hostile requests', grown / 1_024, 'KiB');
  expect(statuses.length, 'most are answered').toBeGreaterThan(requests * 0.8);
  expect(new Set(statuses)).toEqual(new Set([...statuses].filter((status) => status < 500)));
  expect(new Set(statuses).size, 'they reach many ways to answer').toBeGreaterThan(6);
  expect(grown).toBeLessThan(FLAT_BYTES);
  expect(target.logged('HTTP_HANDLER_FAILED')).toEqual([]);
  expect(target.isRunning).toBe(true);
  await other.waitFor(allHealthy('other', 'target'), HEALTHY_MS, 'the mesh is healthy after it');
}

async function send(target: AgentProcess, samples: readonly Buffer[], seed: number): Promise<number[]> {
  const port = Number(target.http.split(':')[1]);
  const limit = pLimit(AT_ONCE);
  const statuses: number[] = [];
  for (let at = 0; at < samples.length; at += BATCH) {
    const batch = samples.slice(at, at + BATCH);
    const answers = await Promise.all(batch.map(async (bytes) => limit(async () => sendRaw(port, bytes))));
    for (const [index, answer] of answers.entries()) {
      const shown = `seed ${seed}: ${JSON.stringify(batch[index]?.toString('latin1'))} got ${answer.slice(0, 300)}`;
      expect(TRACE.test(answer), shown).toBe(false);
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1];
      if (status === undefined) continue;
      expect(Number(status), shown).toBeLessThan(500);
      statuses.push(Number(status));
    }
  }
  return statuses;
}
