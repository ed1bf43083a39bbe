import { describe, expect, it } from 'vitest';
import { parseEventsFlags } from '../../../src/cli/events-flags.ts';

describe('the flags of muster events', () => {
  it('ask for all that is there, once, as text', () => {
    expect(parseEventsFlags({}, {})).toMatchObject({
      ok: true,
      value: { form: 'text', last: Number.POSITIVE_INFINITY, follow: false },
    });
  });

  it('ask for the newest ones, none of them among others', () => {
    expect(parseEventsFlags({ last: '20', follow: true }, {})).toMatchObject({
      ok: true,
      value: { last: 20, follow: true },
    });
    expect(parseEventsFlags({ last: '0' }, {})).toMatchObject({ ok: true, value: { last: 0 } });
  });

  it('are refused with one line for every mistake', () => {
    expect(parseEventsFlags({ last: '-1', output: 'yaml', http: 'x' }, {})).toEqual({
      ok: false,
      error: [
        '--output: must be one of text, json, got "yaml"',
        '--last: must be a whole number, got "-1"',
        expect.stringMatching(/^--http: /),
      ],
    });
  });
});
