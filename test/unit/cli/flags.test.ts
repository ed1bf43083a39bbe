import { describe, expect, it } from 'vitest';
import { parseDemoFlags } from '../../../src/cli/demo-flags.ts';
import { wantsStack } from '../../../src/cli/unexpected.ts';

describe('the flags of muster demo', () => {
  it.each([
    [{}, { nodes: 5 }],
    [{ nodes: '1' }, { nodes: 1 }],
    [
      { nodes: '50', for: '1m30s' },
      { nodes: 50, runFor: 90_000 },
    ],
  ])('%j', (flags, value) => {
    expect(parseDemoFlags(flags)).toEqual({ ok: true, value });
  });

  it.each(['0', '51', '-1', '', '5.5', '1e1', 'many', ' 5'])('refuse --nodes %j', (nodes) => {
    expect(parseDemoFlags({ nodes })).toEqual({
      ok: false,
      error: [`--nodes: must be a whole number from 1 to 50, got ${JSON.stringify(nodes)}`],
    });
  });

  it('are refused with one line for every mistake', () => {
    const parsed = parseDemoFlags({ nodes: '0', for: '10' });
    expect(!parsed.ok && parsed.error.map((line) => line.split(':')[0])).toEqual(['--nodes', '--for']);
    expect(parseDemoFlags({ for: '25h' })).toEqual({ ok: false, error: ['--for: must be at most 24h, got "25h"'] });
  });
});

describe('a stack trace', () => {
  it.each([
    [['agent'], {}, false],
    [['agent'], { MUSTER_LOG_LEVEL: 'debug' }, true],
    [['agent', '--log-level', 'debug'], {}, true],
    [['agent', '--log-level=trace'], {}, true],
    [['agent', '--log-level', 'info'], { MUSTER_LOG_LEVEL: 'debug' }, false],
    [['agent', '--log-level'], {}, false],
  ])('is wanted by %j with %j: %s', (argv, env, wanted) => {
    expect(wantsStack(argv, env)).toBe(wanted);
  });
});
