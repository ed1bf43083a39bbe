import { describe, expect, it } from 'vitest';
import { nodeAccess } from '../../../../src/cli/client/node-access.ts';

const withToken = (token: string) => nodeAccess({}, { MUSTER_TOKEN: token });

describe('which node is asked', () => {
  it.each([
    [undefined, undefined, 'http://127.0.0.1:8080/'],
    [undefined, 'http://env:1', 'http://env:1/'],
    ['https://flag:2/muster/', 'http://env:1', 'https://flag:2/muster/'],
    [undefined, '', 'http://127.0.0.1:8080/'],
  ])('with --http %j and MUSTER_HTTP %j', (http, variable, expected) => {
    const access = nodeAccess(http === undefined ? {} : { http }, { MUSTER_HTTP: variable });
    expect(access.ok && access.value.url.href).toBe(expected);
  });

  it.each(['', 'nonsense', 'ftp://a', 'http://a?b=c', 'http://a#b'])('is not told by %j', (http) => {
    expect(nodeAccess({ http }, {})).toMatchObject({
      ok: false,
      error: [expect.stringMatching(/^--http: must be an http/)],
    });
  });

  it('is not told with credentials; they are not repeated, and the variable is named', () => {
    expect(nodeAccess({}, { MUSTER_HTTP: 'http://user:secret@a' })).toEqual({
      ok: false,
      error: ['MUSTER_HTTP: must not hold credentials'],
    });
  });

  it('comes with a token that can be sent, which is never repeated', () => {
    expect(withToken('abc.def')).toMatchObject({ ok: true, value: { token: 'abc.def' } });
    expect(withToken('')).toEqual({ ok: true, value: { url: new URL('http://127.0.0.1:8080') } });
    expect(withToken('two words')).toEqual({ ok: false, error: ['MUSTER_TOKEN: must be visible ASCII characters'] });
  });
});
