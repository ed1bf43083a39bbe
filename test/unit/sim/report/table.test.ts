import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../../sim/report/table.ts';
import { exampleRun } from './example-run.ts';

function line(table: string, what: string): string {
  return table.split('\n').find((each) => each.startsWith(`${what} `)) ?? '';
}

/** The cells of a line: they are at least three blanks apart. */
function cells(table: string, what: string): readonly string[] {
  return line(table, what).split(/ {3,}/);
}

describe('the table of a run', () => {
  const table = renderTable([exampleRun()]);

  it('says what was run', () => {
    expect(table.split('\n')[0]).toBe(
      'crash, 3 nodes: seed 1, 12\u202f345 events, trace 0123456789abcdef, factor 3, interval 500 ms, lan network, 20.0 s of virtual time',
    );
  });

  it('gives times and cycles', () => {
    expect(cells(table, 'last start until all agree')).toEqual(['last start until all agree', '750 ms', '1.50']);
    expect(cells(table, 'an update reaches a node')).toEqual([
      'an update reaches a node',
      '100 ms',
      '400 ms',
      '400 ms',
      '0.20 / 0.80 / 0.80',
      'n2 was last',
    ]);
    expect(cells(table, 'a crash until suspected')).toEqual([
      'a crash until suspected',
      '2.60 s',
      '2.90 s',
      '2.90 s',
      '5.20 / 5.80 / 5.80',
      'n10 was last',
    ]);
  });

  it('says what did not happen', () => {
    expect(cells(table, 'heal until all agree')).toEqual(['heal until all agree', '–', '1 of 1 never']);
    expect(cells(table, 'a crash until shown dead').at(-1)).toBe('1 of 2 times not at all');
  });

  it('names the worst', () => {
    expect(cells(table, 'false suspicions')).toEqual([
      'false suspicions',
      '4',
      '1 across a cut, most by n0 (3), of n10 (4)',
    ]);
    expect(cells(table, 'bytes per node and second')).toEqual([
      'bytes per node and second',
      '1.23 kB',
      'n0 sent most: 2.35 kB',
    ]);
  });

  it('is aligned', () => {
    const lines = table.trimEnd().split('\n').slice(2);
    const column = lines[0]?.indexOf('MEDIAN') ?? 0;
    expect(lines.length).toBeGreaterThan(10);
    for (const each of lines) {
      expect(each.slice(column - 3, column)).toBe('   ');
      expect(each[column]).not.toBe(' ');
      expect(each).toBe(each.trimEnd());
    }
  });

  it('leaves out what the run had nothing of', () => {
    const calm = exampleRun({ detections: [], updates: [], convergence: { start: null, heals: [] } });
    expect(renderTable([calm])).not.toMatch(/crash until|an update|until all agree/);
  });
});

describe('the table of several seeds', () => {
  const seeds = [3, 1, 2].map((number) =>
    exampleRun({
      seed: number,
      convergence: { start: { at: 0, live: 3, tookMs: number * 250 }, heals: [] },
      falseSuspicions: {
        count: number,
        cutOff: 0,
        perNodeHour: number,
        worstObserver: { name: `n${number}`, count: number },
        worstMember: null,
      },
    }),
  );
  const table = renderTable(seeds);

  it('gives the median and the spread', () => {
    expect(table.split('\n')[0]).toContain('3 seeds');
    expect(cells(table, 'last start until all agree')).toEqual([
      'last start until all agree',
      '500 ms (250 ms – 750 ms)',
      '1.00',
    ]);
    expect(cells(table, 'largest message')).toEqual(['largest message', '987 B']);
  });

  it('tells of the worst seed', () => {
    expect(cells(table, 'false suspicions')).toEqual(['false suspicions', '2 (1 – 3)', 'seed 3: most by n3 (3)']);
  });

  it('keeps runs of other sizes apart', () => {
    const two = renderTable([...seeds, exampleRun({ nodes: 4 })]);
    expect(two.match(/^MEASURE/gm)).toHaveLength(2);
    expect(two).toContain('crash, 4 nodes: seed 1');
  });

  it('is empty for no runs', () => {
    expect(renderTable([])).toBe('');
  });
});
