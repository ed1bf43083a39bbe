import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { millis, nodeId, unixMillis } from '../../../src/base/brands.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../../../src/gossip/config.ts';
import type { Effect } from '../../../src/gossip/effect.ts';
import { Recorder } from '../../../src/node/recorder.ts';
import { RecordingFile } from '../../../src/node/recording-file.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { readHeader, readStep } from '../../../src/wire/recording.ts';

const now = { monotonic: millis(0.5), wall: unixMillis(1_790_000_000_000) };
const setup = {
  config: DEFAULT_GOSSIP_CONFIG,
  identity: { id: nodeId('a'), address: 'a:1', metadata: Uint8Array.of(1) },
  bootstrap: [],
  now,
};

let directory = '';
let path = '';
let log: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muster-recorder-'));
  path = join(directory, 'run.ndjson');
  log = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

async function startRecorder(): Promise<Recorder> {
  const file = await RecordingFile.create(path);
  return new Recorder(
    file,
    '1.2.3',
    createLogger({ level: 'info', format: 'json' }, { write: (text) => log.push(text) }),
  );
}

function recorded(): string[] {
  return readFileSync(path, 'utf8').split('\n');
}

/** The log, line by line. */
function logged(): unknown[] {
  return log.map((line) => JSON.parse(line) as unknown);
}

/** The one line that tells of the end of a recording. */
function failure(problem: string): unknown[] {
  return [expect.objectContaining({ level: 'error', code: 'RECORD_FAILED', file: path, problem })];
}

/** Makes every write of a file handle from now on do something else. */
async function breakWrites(file: string, write: () => Promise<never>): Promise<void> {
  const probe = await open(file, 'r');
  vi.spyOn(Object.getPrototypeOf(probe) as typeof probe, 'write').mockImplementation(write);
  await probe.close();
}

describe('a recorder', () => {
  it('writes the head, then a line for every input, in a file that only its owner can read', async () => {
    const recorder = await startRecorder();
    recorder.begin(setup, 7);
    recorder.took({ kind: 'start' }, now, [{ kind: 'resolve', target: 'b:1' }]);
    recorder.took({ kind: 'wake' }, now, []);
    await recorder.close();
    const [head = '', first = '', second = '', ...end] = recorded();
    expect(readHeader(head)).toMatchObject({
      ok: true,
      value: {
        ...setup,
        seed: 7,
        musterVersion: '1.2.3',
        nodeVersion: process.version,
        startedAt: '2026-09-21T14:13:20.000Z',
      },
    });
    expect(readStep(first)).toMatchObject({
      value: { n: 1, input: { kind: 'start' }, outcome: { effects: [{ kind: 'resolve', target: 'b:1' }] } },
    });
    expect(readStep(second)).toMatchObject({ value: { n: 2, input: { kind: 'wake' }, outcome: { effects: [] } } });
    expect(end).toEqual(['']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(log).toEqual([]);
  });

  it('keeps the order of what comes while the disk is busy', async () => {
    const recorder = await startRecorder();
    recorder.begin(setup, 7);
    for (let count = 0; count < 5_000; count += 1) {
      recorder.took({ kind: 'wake' }, now, []);
      if (count % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await recorder.close();
    const numbers = recorded()
      .slice(1, -1)
      .map((line) => (JSON.parse(line) as { n: number }).n);
    expect(numbers).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
  });

  it('has all on disk before it goes on when the core threw, and takes nothing after', async () => {
    const recorder = await startRecorder();
    recorder.begin(setup, 7);
    recorder.took({ kind: 'start' }, now, []);
    recorder.threw({ kind: 'wake' }, now, new Error('impossible'));
    const atOnce = recorded();
    expect(readStep(atOnce[2] ?? '')).toMatchObject({ value: { n: 2, outcome: { threw: 'impossible' } } });
    recorder.took({ kind: 'wake' }, now, []);
    await recorder.close();
    expect(recorded()).toEqual(atOnce);
    expect(log).toEqual([]);
  });

  it('leaves no file behind when there was nothing to record', async () => {
    const recorder = await startRecorder();
    await recorder.close();
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('never touches a file that exists', async () => {
    const recorder = await startRecorder();
    recorder.begin(setup, 7);
    await recorder.close();
    const before = recorded();
    await expect(RecordingFile.create(path)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(recorded()).toEqual(before);
  });
});

describe('a recording that fails ends with one line in the log, and its node runs on', () => {
  it('when the disk is full', async () => {
    const recorder = await startRecorder();
    await breakWrites(path, async () => Promise.reject(new Error('ENOSPC: no space left on device, write')));
    for (let count = 0; count < 3; count += 1) {
      recorder.took({ kind: 'wake' }, now, []);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await recorder.close();
    expect(logged()).toEqual(failure('ENOSPC: no space left on device, write'));
  });

  it('when the disk does not keep up, at a bound of memory', async () => {
    const recorder = await startRecorder();
    const stalled = new AbortController();
    await breakWrites(path, async () =>
      once(stalled.signal, 'abort').then(() => Promise.reject(new Error('too late'))),
    );
    const effects: Effect[] = [{ kind: 'resolve', target: 'x'.repeat(1 << 20) }];
    for (let count = 0; count < 80; count += 1) recorder.took({ kind: 'wake' }, now, effects);
    expect(logged()).toEqual(failure('the disk is more than 64 MiB behind'));
    stalled.abort();
    await recorder.close();
    expect(logged()).toHaveLength(1);
  });

  it('when something can not be written down', async () => {
    const recorder = await startRecorder();
    recorder.begin({ ...setup, config: { ...setup.config, maxMembers: Number.POSITIVE_INFINITY } }, 7);
    recorder.took({ kind: 'start' }, now, []);
    await recorder.close();
    expect(logged()).toEqual(failure('Infinity is no number of JSON'));
  });
});
