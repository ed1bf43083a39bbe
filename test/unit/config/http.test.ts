import { describe, expect, it } from 'vitest';
import { configOf, linesOf, problemsOf } from './inputs.ts';

describe('an HTTP server that other machines can reach', () => {
  it.each(['0.0.0.0:8080', '[::]:8080', '10.0.3.7:8080', 'muster.example.com:8080'])(
    'is a mistake at %s when nobody must log in',
    (httpBind) => {
      expect(problemsOf({ flags: { httpBind } })).toEqual([
        {
          code: 'MUSTER_CONFIG_HTTP_OPEN',
          source: '--http-bind',
          message: `must be a loopback address, or come with --http-token-file or --http-oidc-issuer, or with --http-insecure to let everybody read, got "${httpBind}"`,
        },
      ]);
    },
  );

  it.each([
    { httpInsecure: true },
    { httpTokenFile: '/tokens' },
    { httpOidcIssuer: 'https://issuer.example', httpOidcAudience: 'muster' },
  ])('is right with %j', (flags) => {
    expect(configOf({ flags: { httpBind: '0.0.0.0:8080', ...flags } }).http.bind.host).toBe('0.0.0.0');
  });

  it.each(['127.0.0.1:0', '127.9.9.9:0', '[::1]:0', 'localhost:0'])('is none at %s', (httpBind) => {
    expect(configOf({ flags: { httpBind } }).http.insecure).toBe(false);
  });

  it('has one problem when what should protect it is itself wrong', () => {
    const flags = { httpBind: '0.0.0.0:8080', httpTokenFile: '' };
    expect(problemsOf({ flags }).map(({ source }) => source)).toEqual(['--http-token-file']);
  });
});

describe('settings of the HTTP server', () => {
  it.each([
    [{ httpTlsCert: 'cert.pem' }, '--http-tls-cert: needs --http-tls-key too'],
    [{ httpTlsKey: 'key.pem' }, '--http-tls-key: needs --http-tls-cert too'],
    [{ httpOidcIssuer: 'https://i.example' }, '--http-oidc-issuer: needs --http-oidc-audience too'],
    [{ httpOidcAudience: 'muster' }, '--http-oidc-audience: needs --http-oidc-issuer too'],
    [{ httpSessionKeyFile: '/keys' }, '--http-session-key-file: needs --http-token-file or --http-oidc-issuer too'],
    [{ httpOidcJwks: 'https://i.example/keys' }, '--http-oidc-jwks: needs --http-oidc-issuer too'],
  ])('%j is half a thing', (flags, line) => {
    expect(linesOf({ flags })).toEqual([line]);
  });

  it.each([
    [{ httpOidcIssuer: 'http://issuer.example', httpOidcAudience: 'a' }, 'must be an https:// URL without credentials'],
    [{ httpOidcIssuer: 'https://me:secret@issuer.example', httpOidcAudience: 'a' }, 'must be an https:// URL'],
    [{ httpCorsOrigin: ['https://a.example/path'] }, 'must be a list of origins'],
    [{ httpCorsOrigin: ['*'] }, 'must be a list of origins'],
    [{ httpTrustedProxy: ['10.0.0.0/33'] }, 'must be a list of IP addresses or networks'],
    [{ httpTrustedProxy: ['proxy.example'] }, 'must be a list of IP addresses or networks'],
    [{ httpRate: '0' }, 'must be a whole number from 1 to 1000000'],
  ])('%j is refused', (flags, message) => {
    const lines = linesOf({ flags });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
    expect(lines[0]).not.toContain('secret');
  });

  it('take an issuer of the same machine without TLS', () => {
    const flags = { httpOidcIssuer: 'http://127.0.0.1:9000', httpOidcAudience: 'muster' };
    expect(configOf({ flags }).http.oidc).toMatchObject({
      issuer: 'http://127.0.0.1:9000',
      writeScope: 'muster:write',
    });
  });
});
