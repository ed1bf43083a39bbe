import { connect } from 'node:net';
import * as fc from 'fast-check';

const METHODS = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'CONNECT',
  'get',
  'G\u0000T',
  '',
];
const PATHS = [
  '/api/v1alpha1/memberlist',
  '/api/v1alpha1/openapi.json',
  '/api/v1alpha1/try',
  '/api/v1alpha1/sd/prometheus',
  '/api/v1alpha1/members/nobody',
  '/api/v1alpha1/local/metadata',
  '/api/v1alpha1/local/join',
  '/ws',
  '/login',
  '/logout',
  '/livez',
  '/healthz',
  '/readyz',
  '/metrics',
  '/',
  '//',
  '/%00',
  '/..%2f..%2fetc%2fpasswd',
  '/../../etc/passwd',
  '/__proto__',
  '/constructor',
  '*',
  'http://elsewhere.example/',
];
const SELECTORS = [
  'env=prod',
  'a in (b,c)',
  '!x',
  'a=b,,',
  'a in (',
  '__proto__',
  'constructor=x',
  '(((((',
  'a!=',
  '\u0000',
  ',',
];
const HEADER_NAMES = [
  'accept',
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'if-none-match',
  'last-event-id',
  'origin',
  'range',
  'sec-fetch-site',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-request-id',
  '__proto__',
];
const HEADER_VALUES = [
  '',
  '*/*',
  'text/html',
  'application/json',
  'application/x-www-form-urlencoded',
  'application/json;q=0.0000001,*;q=9',
  'br',
  'gzip;q=1e400',
  '*',
  'W/"x"',
  'chunked',
  'chunked, chunked',
  '-1',
  '18446744073709551616',
  'websocket',
  '100-continue',
  'bytes=0-,0-,0-',
  'Bearer',
  'Bearer a.b.c',
  'Bearer eyJhbGciOiJub25lIn0.e30.',
  'muster-session=a.b; muster-session=c',
  '__Host-muster-session=%00',
  'null',
  '1.2.3.4, 5.6.7.8',
];
const BODIES = [
  '',
  '{}',
  '[]',
  'null',
  '{"__proto__":{"a":1}}',
  '{"labels":{"a":null}}',
  '{"token":1}',
  'token=x&token=y',
  '{"a":',
  '\u0000',
  '[[[[[[[[',
];

const line = fc.string({ unit: 'binary-ascii', maxLength: 60 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PATHS) },
  { weight: 1, arbitrary: fc.webPath() },
  { weight: 1, arbitrary: line.map((text) => `/${text.replaceAll(' ', '')}`) },
);
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom(...SELECTORS).map((selector) => `?labelSelector=${encodeURIComponent(selector)}`),
  fc.constantFrom('HEALTHY', 'DEAD', 'x', '').map((state) => `?peerState=${state}&peerState=${state}`),
  line.map((text) => `?labelSelector=${encodeURIComponent(text)}`),
  line.map((text) => `?${text.replaceAll(' ', '%')}`),
  fc.integer({ min: 1, max: 9_000 }).map((length) => `?x=${'%41'.repeat(length)}`),
);
const header = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...HEADER_NAMES) }, { weight: 1, arbitrary: line }),
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...HEADER_VALUES) }, { weight: 1, arbitrary: line }),
);
const body = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...BODIES) }, { weight: 1, arbitrary: fc.lorem() });

/** The bytes of one request, well formed or not. It closes its connection, unless it manages to say otherwise. */
export function hostileRequest(token: string): fc.Arbitrary<Buffer> {
  const formed = fc
    .record({
      method: fc.constantFrom(...METHODS),
      path,
      query,
      headers: fc.array(header, { maxLength: 6 }),
      body,
      known: fc.boolean(),
      length: fc.boolean(),
    })
    .map(({ method, path, query, headers, body, known, length }) => {
      const lines = [
        `${method} ${path}${query} HTTP/1.1`,
        'Host: 127.0.0.1',
        'Connection: close',
        ...(known ? [`Authorization: Bearer ${token}`] : []),
        ...(length ? [`Content-Length: ${Buffer.byteLength(body)}`, 'Content-Type: application/json'] : []),
        ...headers.map(([name, value]) => `${name}: ${value}`),
      ];
      return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
    });
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof({ weight: 19, arbitrary: formed }, { weight: 1, arbitrary: noise });
}

/** How long a server may take before the client gives up, in milliseconds. A half-sent request may well be left waiting. */
const PATIENCE_MS = 5_000;

/** Sends bytes, says that no more will come, and reads what comes back until the server closes. */
export async function sendRaw(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' });
    const overdue = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      answer += String(text);
    });
    // A server that closes early resets the connection: what it said before that counts.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(overdue);
      resolve(answer);
    });
    socket.end(bytes);
  });
}
