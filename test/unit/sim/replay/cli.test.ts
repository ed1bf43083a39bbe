import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runReplay } from '../../../../sim/replay/cli.ts';
import { readLines } from '../../../../sim/replay/lines.ts';
import { recordedRun } from '../../../helpers/recorded-run.ts';

let directory = '';
let lines: readonly string[] = [];
const said = { stdout: '', stderr: '' };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'muster-replay-'));
  lines = recordedRun(3).slice(0, 200);
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => {
  said.stdout = '';
  said.stderr = '';
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

function fileOf(...content: readonly string[]): string {
  const file = join(directory, 'run.ndjson');
  writeFileSync(file, content.join(''));
  return file;
}

describe('muster sim replay', () => {
  it('exits 0 when all effects are the same', async () => {
    expect(await runReplay({ file: fileOf(...lines) })).toBe(0);
    expect(said.stdout).toMatch(/^replayed 199 inputs over \d+\.\d s: all effects the same\n$/);
    expect(said.stderr).toBe('');
  });

  it('exits 1 at the first difference', async () => {
    const other = (lines[0] ?? '').replace('"seed":3', '"seed":4');
    expect(await runReplay({ file: fileOf(other, ...lines.slice(1)) })).toBe(1);
    expect(said.stdout).toMatch(/^line \d+: input \d+ \(\w+\), \d+\.\d{3} s after the start: effect \d+ \(\w+/);
    expect(said.stderr).toBe('');
  });

  it('exits 2 for a damaged file and names the line', async () => {
    expect(await runReplay({ file: fileOf(...lines.with(4, '{}\n')) })).toBe(2);
    expect(said.stdout).toBe('');
    expect(said.stderr).toMatch(/^muster sim replay: ".*run\.ndjson": line 5 n: /);
  });

  it('exits 2 for a file that is not there, and for a directory', async () => {
    expect(await runReplay({ file: join(directory, 'nobody') })).toBe(2);
    expect(await runReplay({ file: directory })).toBe(2);
    expect(said.stdout).toBe('');
    expect(said.stderr.split('\n')).toEqual([
      expect.stringMatching(/nobody" can not be read: ENOENT/),
      expect.stringMatching(/" can not be read: EISDIR/),
      '',
    ]);
  });
});

describe('the lines of a file', () => {
  it.each([
    ['nothing', []],
    ['a last line without an end', ['one\n', '\n', 'three']],
    [
      'characters and lines on the edge of what is read at once',
      [`${'x'.repeat((1 << 20) - 2)}\n`, '…é\n', `${'ü'.repeat(1 << 20)}\n`, 'z'],
    ],
  ])('come as they are: %s', (_, content) => {
    expect([...readLines(fileOf(...content))]).toEqual(content);
  });
});
