import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FlagReader } from '../../../../sim/cli/flags.ts';
import { lackOfMemory } from '../../../../sim/cli/memory.ts';
import { describeOutcome, runSimRun } from '../../../../sim/cli/run.ts';
import { describeSize } from '../../../../sim/cli/size.ts';
import { runScenario } from '../../../../sim/run.ts';
import { measureSize } from '../../../../sim/run-size.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';

describe('the account of a run', () => {
  const parsed = parseScenario('nodes 3\nrun 3s\nexpect formed within 3s\nexpect known n1 within 2s', 'x');
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  const outcome = runScenario(parsed.value, { seed: 7 });

  it('names what failed, what was seen, and the one command that repeats it', () => {
    const text = describeOutcome(outcome, false, "my files/it's.txt");
    expect(text).toContain(`seed 7: BROKEN, trace ${outcome.traceHash}`);
    expect(text).toContain('FAILED  known n1 within 2s  none of them changed its labels');
    expect(text).not.toContain('formed within');
    expect(text).toContain(String.raw`repeat: muster sim run 'my files/it'\''s.txt' --nodes 3 --seed 7 --wire on`);
  });

  it('tells all expectations of a single run', () => {
    expect(describeOutcome(outcome, true, 'x')).toMatch(/ok {6}formed within 3s +took \d\.\d{3} s at most/);
  });
});

describe('the size of a mesh', { timeout: 30_000 }, () => {
  const request = { nodes: 8, network: 'lan', lossPercent: 0, settings: {} } as const;

  it('is measured: news spreads faster than deaths are found, and the same seed gives the same figures', () => {
    const figures = measureSize(request, 3, () => undefined);
    expect(figures.spread).toBeGreaterThan(0);
    expect(figures.spread).toBeLessThan(5_000);
    expect(figures.firstDetection).toBeGreaterThan(8_000);
    expect(figures.detection).toBeGreaterThanOrEqual(figures.firstDetection ?? 0);
    expect(figures.detection).toBeLessThan(16_000);
    expect(figures.quietBytes).toBeGreaterThan(0);
    expect(measureSize(request, 3, () => undefined)).toEqual(figures);
  });

  it('is told as median, least and greatest; what never came is greater than all', () => {
    const figures = [1_000, undefined, 3_000].map((spread) => ({
      spread,
      firstDetection: 1,
      detection: 1,
      quietBytes: 12_345,
    }));
    const lines = describeSize(request, figures, 5).split('\n');
    expect(lines[0]).toBe('8 nodes, interval 1s, factor 3, lan, loss 0%; seeds 5 to 7');
    expect(lines[3]).toMatch(/^an update is known to all after +3\.00 s +1\.00 s +not in time$/);
    expect(lines[6]).toMatch(/12\.3 kB\/s +12\.3 kB\/s +12\.3 kB\/s$/);
  });
});

describe('memory', () => {
  const GIB = 2 ** 30;

  it('is looked at before a run: a mesh that does not fit is refused, with what to do about it', () => {
    expect(lackOfMemory(1_000, false, 4 * GIB)).toBeUndefined();
    expect(lackOfMemory(10_000, true, 4 * GIB)).toBeUndefined();
    expect(lackOfMemory(2_000, false, 4 * GIB)).toBe(
      "a mesh of 2000 takes some 5923 MiB of memory, and Node.js may take 4096: NODE_OPTIONS=--max-old-space-size=5923 in the environment lets it take that much; 'muster sim size' needs a fiftieth of it",
    );
    expect(lackOfMemory(10_000, true, GIB)).toMatch(/^a mesh of 10000 takes some 3062 MiB .* lets it take that much$/);
  });

  it('that is lacking is told by the commands, before anything is played', async () => {
    const told: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
    onTestFinished(() => write.mockRestore());
    const flags = { nodes: '10000' };
    expect(await runSimRun({ scenario: 'crash', flags })).toBe(2);
    expect(told).toEqual([expect.stringMatching(/^--nodes: a mesh of 10000 takes some 143252 MiB of memory, /)]);
  });
});

describe('flags', () => {
  it('are read together, and all mistakes are told', () => {
    const read = new FlagReader({ nodes: '0', seed: 'x', loss: '2', wire: 'maybe', network: 'moon', runs: '3' });
    read.nodes();
    read.seed();
    read.percent('loss');
    read.onOff('wire');
    read.network();
    expect(read.runs()).toBe(3);
    expect(read.problems).toEqual([
      '--nodes: must be a whole number from 1 to 10000, got "0"',
      '--seed: must be a whole number from 0 to 2147483647, got "x"',
      '--loss: must be a share such as 2%, got "2"',
      '--wire: must be one of on, off, got "maybe"',
      '--network: must be one of lan, wan, world, got "moon"',
    ]);
  });
});
