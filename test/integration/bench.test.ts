import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const BENCH = ['--import', 'tsx', 'bench/main.ts'];

test('a bench prints its table and writes its values', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  onTestFinished(async () => rm(directory, { recursive: true }));
  const file = join(directory, 'results.json');
  const { stdout } = await run(process.execPath, [...BENCH, 'startup', '--runs', '1', '--json', file]);
  expect(stdout).toMatch(/^startup +agent ready +\d/m);
  const results: unknown = JSON.parse(await readFile(file, 'utf8'));
  expect(results).toMatchObject({
    node: process.version,
    benches: { startup: [{ what: 'Node.js printing a line' }, { what: 'agent ready', values: [expect.any(Number)] }] },
  });
});

test('a bench that does not exist is refused with the usage', async () => {
  const refused = run(process.execPath, [...BENCH, 'speed', '--runs', '0']);
  await expect(refused).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^there is no bench speed\n--runs: must be/),
  });
});

test('a mesh may be as small as one likes, but not all of it a crowd', async () => {
  const small = run(process.execPath, [...BENCH, 'mesh', '--nodes', '3', '--runs', '0']);
  await expect(small).rejects.toMatchObject({ stderr: expect.not.stringContaining('--crowd: must') });
  const crowded = run(process.execPath, [...BENCH, 'mesh', '--nodes', '10', '--crowd', '7', '--runs', '0']);
  await expect(crowded).rejects.toMatchObject({ stderr: expect.stringContaining('--crowd: must leave four') });
});

test('another interval is for a mesh of agents alone', async () => {
  const beside = run(process.execPath, [...BENCH, 'mesh', '--interval', '200', '--rival', 'serf', '--runs', '0']);
  await expect(beside).rejects.toMatchObject({ stderr: expect.stringContaining('--interval: neither with') });
});
