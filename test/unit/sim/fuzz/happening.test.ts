import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '../../../../sim/fuzz/arbitraries.ts';
import { expand } from '../../../../sim/fuzz/happening.ts';
import { parseCase } from '../../../../sim/fuzz/parse-case.ts';
import { drawCases } from '../../../../sim/fuzz/search.ts';

const scene = { nodes: 12, latency: 'world' };

describe('a happening', () => {
  it('names hosts by numbers that fit any mesh', () => {
    const [first] = expand({ kind: 'leave', host: 27 }, 5, 0, scene);
    expect(first).toEqual({ at: 5, action: { kind: 'leave', host: 'n3' } });
    const [smaller] = expand({ kind: 'leave', host: 27 }, 5, 0, { ...scene, nodes: 4 });
    expect(smaller?.action).toEqual({ kind: 'leave', host: 'n3' });
  });

  it('splits all hosts into the groups of a partition, none of them empty', () => {
    const [timed] = expand({ kind: 'partition', parts: 3, split: 123_456_789 }, 0, 0, scene);
    const groups = timed?.action.kind === 'partition' ? timed.action.groups : [];
    expect(groups.flat().toSorted()).toEqual(Array.from({ length: 12 }, (_, index) => `n${index}`).toSorted());
    expect(groups.length).toBeGreaterThan(1);
    expect(groups.every((group) => group.length > 0)).toBe(true);
  });

  it('takes a whole region away', () => {
    const crashed = expand({ kind: 'outage', region: 1, power: true }, 0, 0, scene);
    expect(crashed.map(({ action }) => action)).toEqual([
      { kind: 'crash', host: 'n1', withMachine: true },
      { kind: 'crash', host: 'n7', withMachine: true },
    ]);
    const [parted] = expand({ kind: 'outage', region: 1, power: false }, 0, 0, scene);
    expect(parted?.action).toMatchObject({ kind: 'partition', groups: [['n1', 'n7'], { length: 10 }] });
  });

  it('restarts one host after the other, stops and wakes one, and lets two lives of one id be short', () => {
    expect(expand({ kind: 'rolling', host: 10, count: 3, every: 300, disk: true }, 1_000, 0, scene)).toEqual(
      ['n10', 'n11', 'n0'].map((host, index) => ({
        at: 1_000 + 300 * index,
        action: { kind: 'restart', host, disk: true },
      })),
    );
    const rivals = expand({ kind: 'rivals', of: 1, lived: 200 }, 50, 3, scene);
    expect(rivals.map(({ at, action }) => [at, action.kind, 'host' in action && action.host])).toEqual([
      [50, 'restart', 'n1'],
      [50, 'twin', 'r3'],
      [250, 'crash', 'n1'],
      [250, 'crash', 'r3'],
    ]);
    const doze = expand({ kind: 'doze', host: 1, sleep: 30, awake: 10, times: 2 }, 0, 0, scene);
    expect(doze.map(({ at, action }) => `${at} ${action.kind}`)).toEqual([
      '0 pause',
      '30 resume',
      '40 pause',
      '70 resume',
    ]);
  });
});

describe('cases', () => {
  it('are plain JSON: they are the same after a round trip', () => {
    fc.assert(
      fc.property(cases({ least: 3, most: 30 }), (fuzzCase) => {
        expect(parseCase(JSON.stringify(fuzzCase))).toEqual(fuzzCase);
      }),
    );
  });

  it('are the same for the same seed, and cover every kind of action', () => {
    const drawn = drawCases({ least: 3, most: 30 }, 1, 300);
    expect(drawCases({ least: 3, most: 30 }, 1, 300)).toEqual(drawn);
    const kinds = new Set(drawn.flatMap((fuzzCase) => fuzzCase.actions.map(({ action }) => action.kind)));
    expect(kinds).toEqual(
      new Set(
        'crash restart pause resume leave relabel join twin misadvertise cut sever isolate partition loss duplicate slow heal'.split(
          ' ',
        ),
      ),
    );
    expect(new Set(drawn.map((fuzzCase) => fuzzCase.latency))).toEqual(new Set(['lan', 'wan', 'world']));
    expect(drawn.every(({ nodes }) => nodes >= 3 && nodes <= 30)).toBe(true);
  });

  it('have their actions in the order of time', () => {
    for (const { actions } of drawCases({ least: 3, most: 30 }, 2, 100)) {
      expect(actions.toSorted((a, b) => a.at - b.at)).toEqual(actions);
    }
  });
});

describe('a case that is no case', () => {
  it.each([
    ['', 'JSON'],
    ['{}', 'seed'],
    ['[1]', 'expected object'],
    ['{"seed":1,"latency":"lan","nodes":0}', 'nodes'],
  ])('is refused: %s', (text, why) => {
    expect(() => parseCase(text)).toThrow(why);
  });
});
