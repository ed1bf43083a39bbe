import { afterEach, describe, expect, it } from 'vitest';
import type { CheckerFactory } from '../../../../sim/checkers/checker.ts';
import type { World } from '../../../../sim/engine/world.ts';
import type { FuzzCase } from '../../../../sim/fuzz/case.ts';
import { type FuzzOptions, runFuzz } from '../../../../sim/fuzz/cli.ts';
import { firstFailure } from '../../../../sim/fuzz/crew.ts';
import { runCase } from '../../../../sim/fuzz/run-case.ts';
import { drawCases, prune, shrink } from '../../../../sim/fuzz/search.ts';
import { SABOTAGES } from '../../../../sim/sabotage/sabotages.ts';

let mend = (): void => undefined;

afterEach(() => {
  mend();
  mend = () => undefined;
});

function sabotage(name: string): void {
  mend = SABOTAGES.find((one) => one.name === name)?.apply() ?? mend;
}

async function fuzz(options: Partial<FuzzOptions>): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const code = await runFuzz({
    runs: 4,
    seed: 3,
    nodes: '3..5',
    jobs: 1,
    print: (line) => lines.push(line),
    ...options,
  });
  return { code, text: lines.join('\n') };
}

const quiet: FuzzCase = {
  seed: 1,
  latency: 'lan',
  nodes: 3,
  bootstraps: 1,
  drift: 0,
  startSpread: 0,
  deadRetention: 60_000,
  maxDeltaBytes: 1 << 20,
  actions: [],
};
/** A node with a clock two days ahead speaks versions that nobody takes. */
const restart = { at: 2_500, action: { kind: 'restart', host: 'n1', disk: false, clock: 2 * 86_400_000 } } as const;
const hopeless: FuzzCase = { ...quiet, actions: [restart] };

const relabel = (time: number, host: string): FuzzCase['actions'][number] => ({
  at: time,
  action: { kind: 'relabel', host },
});

describe('a case', () => {
  it('has the same outcome every time, directly and through the codec', () => {
    const [fuzzCase] = drawCases({ least: 3, most: 4 }, 5, 1);
    for (const wire of [false, true]) {
      const outcome = runCase(fuzzCase ?? quiet, { wire });
      expect(runCase(fuzzCase ?? quiet, { wire })).toEqual(outcome);
      expect(outcome.events).toBeGreaterThan(1_000);
    }
  }, 30_000);

  it('is pruned of all that does not matter to its failure', () => {
    const failing = { ...quiet, actions: [relabel(2_000, 'n0'), restart, relabel(4_000, 'n2')] };
    const { failure } = runCase(failing);
    expect(failure).toBeDefined();
    expect(prune(failing, failure ?? new Error('none'), {}).fuzzCase).toEqual(hopeless);
  });
});

describe('the shrink', () => {
  it('begins with the very case that was drawn', () => {
    const range = { least: 3, most: 3 };
    const cases = drawCases(range, 1, 400);
    // Fast-check draws small values rarely and more rarely with every run.
    for (const run of [0, 20, 380]) {
      const worlds: World[] = [];
      const onlooker: CheckerFactory = (world) => {
        worlds.push(world);
        return { invariant: 'agreement' };
      };
      expect(shrink(range, 1, run, { checkers: [onlooker] })).toBeUndefined();
      expect(worlds.map((world) => world.trace.hash)).toEqual([runCase(cases[run] ?? quiet, { checkers: [] }).hash]);
    }
  });
});

describe('the fuzz', () => {
  it('says that nothing was violated', async () => {
    expect(await fuzz({})).toEqual({ code: 0, text: '4 runs with 3..5 nodes, seed 3: nothing was violated' });
  });

  it('prints a short schedule of what failed, and the command that replays it', async () => {
    sabotage('foreign-hand');
    const { code, text } = await fuzz({ runs: 20 });
    expect(code).toBe(1);
    expect(text).toMatch(/^run \d+ of 20 failed/);
    expect(text).toContain('Violation: authorship: ');
    expect(text.match(/^ {2}at .* s: /gm)?.length ?? 0).toBeLessThanOrEqual(3);
    const command = /muster sim fuzz --case '(?<json>.*)'$/.exec(text)?.groups?.['json'] ?? '';
    expect(await fuzz({ case: command })).toMatchObject({ code: 1, text: expect.stringContaining('authorship') });
    mend();
    mend = () => undefined;
    expect(await fuzz({ case: command })).toMatchObject({
      code: 0,
      text: expect.stringContaining('nothing was violated'),
    });
  });

  it('replays a case by its seed and path', async () => {
    const [, second] = drawCases({ least: 3, most: 5 }, 3, 2);
    const { events, hash } = runCase(second ?? quiet);
    expect((await fuzz({ case: '3:1' })).text).toBe(`${events} events, trace ${hash}: nothing was violated`);
  });

  it.each([
    [{ nodes: '5..3' }, 'no range'],
    [{ nodes: 'many' }, 'no range'],
    [{ case: '{"seed":' }, 'neither a case as JSON nor seed:path'],
    [{ case: '{"seed":1}' }, 'neither a case as JSON nor seed:path'],
  ])('is asked wrongly with %j', async (options, told) => {
    const { code, text } = await fuzz(options);
    expect(code).toBe(2);
    expect(text).toContain(told);
  });
});

describe('several jobs', () => {
  it('find the same first failure as one, and say how far they are', async () => {
    const cases = [quiet, quiet, hopeless, quiet, hopeless, quiet];
    const found: (number | undefined)[] = [];
    for (const jobs of [1, 2, 3]) {
      const progress: number[] = [];
      found.push(await firstFailure(cases, { wire: false, jobs, onProgress: (done) => progress.push(done) }));
      expect(progress.length).toBeGreaterThan(1);
    }
    expect(found).toEqual([2, 2, 2]);
    expect(await firstFailure([quiet, quiet], { wire: true, jobs: 2, onProgress: () => undefined })).toBeUndefined();
  }, 30_000);
});
