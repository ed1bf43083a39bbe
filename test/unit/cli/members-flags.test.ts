import { describe, expect, it } from 'vitest';
import { parseMembersFlags } from '../../../src/cli/members-flags.ts';

describe('the flags of muster members', () => {
  it('have defaults', () => {
    expect(parseMembersFlags({}, {})).toMatchObject({
      ok: true,
      value: { url: new URL('http://127.0.0.1:8080'), output: 'table', states: [], watch: false, exitCode: false },
    });
  });

  it('take states in either case', () => {
    const parsed = parseMembersFlags({ state: ['healthy', 'DEAD'] }, {});
    expect(parsed.ok && parsed.value.states).toEqual(['HEALTHY', 'DEAD']);
  });

  it('are refused with one line for every mistake', () => {
    const flags = { http: 'localhost:8080', output: 'xml', state: ['LEFT\u001B[31m'], sort: 'age' };
    expect(parseMembersFlags(flags, {})).toEqual({
      ok: false,
      error: [
        '--output: must be one of table, wide, json, yaml, name, got "xml"',
        '--state: must be one of HEALTHY, SUSPECTED_DEAD, DEAD, got "LEFT[31m"',
        '--sort: must be one of name, id, state, last-seen, endpoint, address, version or label:KEY, got "age"',
        '--http: must be an http:// or https:// URL without a query, such as http://127.0.0.1:8080, got "localhost:8080"',
      ],
    });
  });

  it.each(['json', 'yaml', 'name'])('refuse to watch in the form %s, which has an end', (output) => {
    expect(parseMembersFlags({ watch: true, output }, {})).toMatchObject({
      ok: false,
      error: [expect.stringContaining('--watch')],
    });
  });

  it('let a watch be wide, and have no exit code of its own', () => {
    expect(parseMembersFlags({ watch: true, output: 'wide' }, {})).toMatchObject({ ok: true });
    expect(parseMembersFlags({ watch: true, exitCode: true }, {})).toMatchObject({
      ok: false,
      error: [expect.stringContaining('--exit-code')],
    });
  });
});
