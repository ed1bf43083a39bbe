import { describe, expect, it } from 'vitest';
import { parseDemoFlags } from '../../../src/cli/demo-flags.ts';
import { parseMembersFlags } from '../../../src/cli/members-flags.ts';
import { wantsStack } from '../../../src/cli/unexpected.ts';

describe('the flags of muster members', () => {
  it('have defaults', () => {
    const parsed = parseMembersFlags({}, undefined);
    expect(parsed).toEqual({
      ok: true,
      value: { url: new URL('http://127.0.0.1:8080'), output: 'table', selector: undefined, states: [], watch: false },
    });
  });

  it.each([
    [undefined, 'http://env:1', 'http://env:1/'],
    ['https://flag:2/muster/', 'http://env:1', 'https://flag:2/muster/'],
    [undefined, '', 'http://127.0.0.1:8080/'],
  ])('take the URL from %j and MUSTER_HTTP %j', (http, env, expected) => {
    const parsed = parseMembersFlags(http === undefined ? {} : { http }, env);
    expect(parsed.ok && parsed.value.url.href).toBe(expected);
  });

  it('take states in either case', () => {
    const parsed = parseMembersFlags({ state: ['healthy', 'DEAD'] }, undefined);
    expect(parsed.ok && parsed.value.states).toEqual(['HEALTHY', 'DEAD']);
  });

  it('are refused with one line for every mistake', () => {
    const parsed = parseMembersFlags({ http: 'localhost:8080', output: 'xml', state: ['LEFT\u001B[31m'] }, undefined);
    expect(parsed).toEqual({
      ok: false,
      error: [
        '--output: must be one of table, wide, json, yaml, got "xml"',
        '--state: must be one of HEALTHY, SUSPECTED_DEAD, DEAD, got "LEFT[31m"',
        '--http: must be an http:// or https:// URL without a query, such as http://127.0.0.1:8080, got "localhost:8080"',
      ],
    });
  });

  it.each(['', 'nonsense', 'ftp://a', 'http://a?b=c', 'http://a#b'])('refuse the URL %j', (http) => {
    expect(parseMembersFlags({ http }, undefined)).toMatchObject({
      ok: false,
      error: [expect.stringMatching(/^--http: must be an http/)],
    });
  });

  it('do not repeat credentials, and name the variable', () => {
    expect(parseMembersFlags({}, 'http://user:secret@a')).toEqual({
      ok: false,
      error: ['MUSTER_HTTP: must not hold credentials'],
    });
  });

  it('take a token that can be sent, and never repeat it', () => {
    expect(parseMembersFlags({}, undefined, 'abc.def')).toMatchObject({ ok: true, value: { token: 'abc.def' } });
    expect(parseMembersFlags({}, undefined, '')).toMatchObject({ ok: true, value: { states: [] } });
    const refused = parseMembersFlags({}, undefined, 'two words');
    expect(refused).toEqual({ ok: false, error: ['MUSTER_TOKEN: must be visible ASCII characters'] });
  });

  it('refuse to watch in a form that is one document', () => {
    expect(parseMembersFlags({ watch: true, output: 'json' }, undefined)).toMatchObject({ ok: false });
    expect(parseMembersFlags({ watch: true, output: 'wide' }, undefined)).toMatchObject({ ok: true });
  });
});

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
