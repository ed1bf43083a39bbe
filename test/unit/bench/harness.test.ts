import { describe, expect, it } from 'vitest';
import { compare } from '../../../bench/harness/compare.ts';
import { summarize } from '../../../bench/harness/figure.ts';
import { resultLines } from '../../../bench/harness/report.ts';
import { Sightings } from '../../../bench/mesh/sightings.ts';

describe('a bench', () => {
  it('measures its contestants in turn, and sets them against each other run by run', async () => {
    const order: string[] = [];
    const measured = (what: string, values: number[]) => ({
      what,
      unit: 'ms',
      measure: () => {
        order.push(what);
        return values.shift() ?? Number.NaN;
      },
    });
    const figures = await compare(
      [measured('ceiling', [10, 100]), { ...measured('ours', [20, 300]), against: 'ceiling' }],
      2,
    );
    expect(order).toEqual(['ceiling', 'ours', 'ours', 'ceiling']);
    expect(figures).toEqual([
      { what: 'ceiling', unit: 'ms', values: [10, 100] },
      { what: 'ours', unit: 'ms', values: [20, 300], against: { what: 'ceiling', ratios: [2, 3] } },
    ]);
  });

  it('tells the median and the spread', () => {
    expect(summarize([5, 1, 100])).toEqual({ median: 5, low: 1, high: 100 });
    expect(summarize([4, 1])).toEqual({ median: 2.5, low: 1, high: 4 });
    expect(() => summarize([])).toThrow(RangeError);
  });

  it('prints one line for each figure', () => {
    const against = { what: 'ceiling', ratios: [2, 3] };
    const lines = resultLines(new Map([['store', [{ what: 'ours', unit: 'ms', values: [20, 300], against }]]]));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^store +ours +160 +20\.0 +300 +ms +2 +2\.50 +2\.00 +3\.00 +ceiling$/);
  });
});

describe('the sightings of a mesh', () => {
  it('are complete when the last observer has seen the last member', async () => {
    const sightings = new Sightings();
    let complete = false;
    const wait = async (): Promise<void> => {
      await sightings.all('appeared', ['a', 'b'], ['a', 'b'], 5_000);
      complete = true;
    };
    const all = wait();
    for (const [observer, member] of ['aa', 'ab', 'ba'] as const)
      sightings.saw(observer ?? '', 'appeared', member ?? '');
    await Promise.resolve();
    expect(complete).toBe(false);
    sightings.saw('b', 'left', 'b');
    sightings.saw('b', 'appeared', 'b');
    await all;
    expect(complete).toBe(true);
  });

  it('say how many are missing at the deadline', async () => {
    const sightings = new Sightings();
    sightings.saw('a', 'dead', 'b');
    await expect(sightings.all('dead', ['b'], ['a', 'c'], 1)).rejects.toThrow("1 sights 'dead' are missing");
  });
});
