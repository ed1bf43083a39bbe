import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, shippedScenarios } from '../../../../sim/scenario/files.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { renderScenario } from '../../../../sim/scenario/render.ts';
import type { Scenario } from '../../../../sim/scenario/scenario.ts';
import { scenarios } from './arbitrary.ts';

const HEAD = 'nodes 20\nrun 60s\n';

/** The scenario that this text means, after `nodes 20` and `run 60s`. */
function read(text: string): Scenario {
  const parsed = parseScenario(`${HEAD}${text}`, 'test.txt');
  if (!parsed.ok) throw new Error(parsed.error.join('\n'));
  return parsed.value;
}

/** What is said of this text, after `nodes 20` and `run 60s`, which are lines 1 and 2. */
function complaints(text: string): readonly string[] {
  const parsed = parseScenario(`${HEAD}${text}`, 'test.txt');
  return parsed.ok ? [] : parsed.error;
}

describe('a scenario', { timeout: 30_000 }, () => {
  it('reads as it was written, whatever it is', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(parseScenario(renderScenario(scenario), 'x')).toEqual({ ok: true, value: scenario });
      }),
      { numRuns: 100 },
    );
  });

  it('never makes the parser throw, whatever the text', () => {
    const word = fc.constantFrom(
      'nodes',
      'run',
      'at',
      'every',
      'each',
      'expect',
      'crash',
      'n3',
      '..',
      '|',
      '>',
      '10s',
      '20%',
      'rest',
      'of',
      '#',
      'random',
    );
    const line = fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const parsed = parseScenario(lines.map((words) => words.join(' ')).join('\n'), 'x');
        expect(parsed.ok || parsed.error.length > 0).toBe(true);
      }),
    );
  });

  it('has defaults for all but its size and its length', () => {
    expect(read('')).toEqual({
      about: [],
      nodes: 20,
      network: 'lan',
      join: [{ kind: 'one', place: 'n0' }],
      startOver: 0,
      run: 60_000,
      settings: {},
      steps: [],
      expectations: [],
    });
  });

  it('takes its first comment for what it is about, and no other', () => {
    const parsed = parseScenario('# One.\n#\n# Two.\nnodes 3 # three\n# more\nrun 1s', 'x');
    expect(parsed.ok && parsed.value.about).toEqual(['One.', '', 'Two.']);
  });

  it.each([
    ['at 1m30s crash n4 with machine', { verb: 'crash', hosts: [{ kind: 'one', place: 'n4' }], withMachine: true }],
    [
      'at 1s restart n3 without disk clock -1h',
      { verb: 'restart', hosts: [{ kind: 'one', place: 'n3' }], disk: false, clock: -3_600_000 },
    ],
    [
      'at 1s restart n3 clock +2s',
      { verb: 'restart', hosts: [{ kind: 'one', place: 'n3' }], disk: true, clock: 2_000 },
    ],
    ['at 1s cut n1>n2', { verb: 'cut', hosts: [{ kind: 'one', place: 'n1' }], to: [{ kind: 'one', place: 'n2' }] }],
    [
      'at 1s partition n0..half|rest',
      { verb: 'partition', groups: [[{ kind: 'range', from: 'n0', to: 'half' }], 'rest'] },
    ],
    ['at 1s loss 2.5%', { verb: 'loss', percent: 2.5, hosts: [] }],
    ['at 1s twin x1 of n3', { verb: 'twin', host: 'x1', of: 'n3' }],
    ['at 1s slow last by 200ms', { verb: 'slow', hosts: [{ kind: 'one', place: 'last' }], by: 200 }],
    [
      'at 1s crash 30% of n1..last',
      {
        verb: 'crash',
        hosts: [{ kind: 'draw', percent: 30, of: { kind: 'range', from: 'n1', to: 'last' } }],
        withMachine: false,
      },
    ],
  ])('understands %s', (line, deed) => {
    expect(read(line).steps.map((step) => step.deed)).toEqual([deed]);
  });
});

describe('mistakes', () => {
  it('are told all at once, each with its line', () => {
    expect(
      complaints('at 10 crash n3\nset gossipFacto 3\nexpect false deaths 2\nat 1s restart n3 wihtout disk'),
    ).toEqual([
      'test.txt:3: expected a time with a unit, such as 10s or 200ms, got "10"',
      'test.txt:4: expected a setting of the protocol (gossipFactor?), got "gossipFacto"',
      `test.txt:5: expected 0 or 'at most' and a number, got "2"`,
      'test.txt:6: expected the end of the line, got "wihtout"',
    ]);
  });

  it.each([
    ['at 10s crash', /expected hosts, such as n3.*got the end of the line/],
    ['at 10s crash n20', /expected a host from n0 to n19 or a newcomer, got "n20"/],
    ['at 10s join n3', /expected a newcomer with a name of its own, got "n3"/],
    ['at 10s crash new1', /expected a host from n0 to n19 or a newcomer, got "new1"/],
    ['at 10s loss 20', /expected a share of packets from 0% to 100%, got "20"/],
    ['at 10s loss 101%', /expected a share of packets from 0% to 100%, got "101%"/],
    ['at 10s loss 5% on eu-west', /expected hosts without regions, which only 'network world' has, got "eu-west"/],
    ['at 10s partition n1', /expected '\|' and another group/],
    ['at 10s partition rest | rest', /expected one 'rest'/],
    ['at 10s restart n1 clock 5s', /expected how far the clock is ahead \(\+2s\) or behind \(-1h\), got "5s"/],
    ['every 0s from 1s to 2s heal', /expected a time between two above zero, got "0s"/],
    ['every 1s from 5s to 2s heal', /expected a time that is not before the first, got "2s"/],
    ['each 1s from 5s heal', /expected after 'each' what is done to single hosts/],
    ['set gossipFactor 0', /expected a whole number from 1 to 100, got "0"/],
    ['set gossipFactor 3\nset gossipFactor 4', /:4: expected one 'set gossipFactor'/],
    ['nodes 5', /:3: expected one line 'nodes'/],
    ['network moon', /expected one of lan, wan, world, got "moon"/],
    ['expect dead random within 5s', /expected hosts, such as n3, n0\.\.half, 'all', got "random"/],
    ['expect agreed within 5s after lunch', /expected one of crash, restart, .*, got "lunch"/],
    ['expect dead n3 within 0s', /expected a time above zero, got "0s"/],
    ['explode', /expected one of nodes, .*, got "explode"/],
  ])('in %j are told', (text, expected) => {
    const told = complaints(text);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(expected);
  });

  it('include what is missing, but not what is there and wrong', () => {
    const parsed = parseScenario('nodes many', 'x');
    expect(parsed).toEqual({
      ok: false,
      error: [
        'x:1: expected how many nodes, a whole number, got "many"',
        "x: expected a line 'run DURATION', got none",
      ],
    });
  });

  it('are printed without what could harm a terminal', () => {
    expect(complaints('at 1s \u001B[2Jboom').join()).not.toContain('\u001B');
  });
});

describe('the shipped scenarios', () => {
  it('are there, read, say what they are about, and expect something', async () => {
    const names = await shippedScenarios();
    expect(names.length).toBeGreaterThanOrEqual(12);
    for (const name of names) {
      const loaded = await loadScenario(name);
      expect(loaded.ok ? [] : loaded.error).toEqual([]);
      if (!loaded.ok) continue;
      expect(loaded.value.about).not.toEqual([]);
      expect(loaded.value.expectations).not.toEqual([]);
    }
  });

  it('are found by name; a name that is wrong is answered with one that is like it', async () => {
    expect(await loadScenario('partiton')).toEqual({
      ok: false,
      error: [expect.stringContaining('did you mean partition?')],
    });
  });

  it('are no more than files: any other is read by its path, and one that is missing is named', async () => {
    expect((await loadScenario('sim/scenarios/crash.txt')).ok).toBe(true);
    expect(await loadScenario('./no-such.txt')).toEqual({ ok: false, error: [expect.stringContaining('no-such.txt')] });
  });
});
