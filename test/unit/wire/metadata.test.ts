import { encode } from '@msgpack/msgpack';
import { describe, expect, test } from 'vitest';
import { decodeMetadata, encodeMetadata, metadataOf } from '../../../src/wire/metadata.ts';
import { PlainMetadata } from '../../../src/wire/plain-metadata.ts';
import { Span } from '../../../src/wire/span.ts';

type Part = number | string;
const bytesOf = (...parts: (Part | readonly Part[])[]): Uint8Array =>
  Buffer.concat(parts.flat().map((part) => (typeof part === 'number' ? Uint8Array.of(part) : Buffer.from(part))));
const WHOLE = { apiEndpoint: 'https://a.example', apiPort: 6443, labels: { env: 'prod' } };
const codeOf = (content: unknown): string => {
  const result = decodeMetadata(encode(content));
  return result.ok ? 'ok' : result.error.code;
};

/** `{"apiPort": …}` with the number in the given bytes. */
const withPort = (...number: number[]): Uint8Array => bytesOf(0x81, 0xa7, 'apiPort', ...number);

/** Looks at metadata that lie between other bytes. */
const isPlain = (metadata: Uint8Array): boolean => {
  const span = new Span();
  span.start = 1;
  span.end = 1 + metadata.length;
  return new PlainMetadata(Buffer.concat([Buffer.from('a'), metadata, Buffer.from('a')])).isAt(span);
};

describe('as other languages write them', () => {
  test.each([
    ['uint8', withPort(0xcc, 80), 80],
    ['fixint', withPort(80), 80],
    ['uint16', withPort(0xcd, 0x19, 0x2b), 6443],
    ['uint32', withPort(0xce, 0, 0, 0x19, 0x2b), 6443],
    ['uint64', withPort(0xcf, 0, 0, 0, 0, 0, 0, 0x19, 0x2b), 6443],
    ['int16', withPort(0xd1, 0x19, 0x2b), 6443],
    ['int32', withPort(0xd2, 0, 0, 0x19, 0x2b), 6443],
    ['int64', withPort(0xd3, 0, 0, 0, 0, 0, 0, 0x19, 0x2b), 6443],
  ])('a port as %s', (_, bytes, apiPort) => {
    expect(decodeMetadata(bytes)).toMatchObject({ ok: true, value: { apiPort } });
  });

  test('wide heads of maps and texts, in another order', () => {
    const bytes = bytesOf(
      [0xdf, 0, 0, 0, 3, 0xda, 0, 6, 'labels', 0xde, 0, 1, 0xd9, 3, 'env', 0xdb, 0, 0, 0, 4, 'prod'],
      [0xa7, 'apiPort', 0xcd, 0x19, 0x2b, 0xd9, 11, 'apiEndpoint', 0xd9, 17, 'https://a.example'],
    );
    expect(decodeMetadata(bytes)).toEqual({ ok: true, value: WHOLE });
  });

  test('our own are a map with the keys in order and the shortest numbers', () => {
    expect(encodeMetadata({ labels: { b: '', a: 'x' }, apiPort: 443, apiEndpoint: '' })).toEqual(
      new Uint8Array(
        bytesOf(
          [0x83, 0xab, 'apiEndpoint', 0xa0, 0xa7, 'apiPort', 0xcd, 1, 0xbb],
          [0xa6, 'labels', 0x82, 0xa1, 'a', 0xa1, 'x', 0xa1, 'b', 0xa0],
        ),
      ),
    );
  });
});

describe('what is missing', () => {
  test.each([
    ['nothing at all', {}],
    ['nil everywhere', { apiEndpoint: null, apiPort: null, labels: null }],
    [
      'only what we do not know',
      { zone: 'a', more: [1, { a: [2] }], when: new Date(0), raw: new Uint8Array(3), x: 1.5 },
    ],
  ])('%s', (_, content) => {
    expect(decodeMetadata(encode(content))).toEqual({
      ok: true,
      value: { apiEndpoint: '', apiPort: 443, labels: {} },
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['empty', new Uint8Array()],
    ['cut short', encodeMetadata(WHOLE).subarray(0, 20)],
    ['bytes after the end', bytesOf(0x80, 0x80)],
    ['a byte that MessagePack does not use', bytesOf(0xc1)],
    ['nil', bytesOf(0xc0)],
    ['an array', bytesOf(0x90)],
    ['a number', bytesOf(1)],
    ['a timestamp', encode(new Date(0))],
    ['an extension', bytesOf(0xd4, 1, 2)],
    ['a map of four thousand millions', bytesOf(0xdf, 0xff, 0xff, 0xff, 0xff)],
    ['a text of four gigabytes', bytesOf(0x81, 0xdb, 0xff, 0xff, 0xff, 0xff, 'a')],
    ['bytes of four gigabytes', bytesOf(0x81, 0xa1, 'a', 0xc6, 0xff, 0xff, 0xff, 0xff)],
    ['arrays without end in arrays without end', new Uint8Array(8_192).fill(0xdd)],
    ['maps in maps', new Uint8Array(8_192).fill(0x81)],
    ['a key that is a map', bytesOf(0x81, 0x80, 1)],
    ['the key __proto__', bytesOf(0x81, 0xa9, '__proto__', 0x80)],
    ['the label __proto__', bytesOf(0x81, 0xa6, 'labels', 0x81, 0xa9, '__proto__', 0xa1, 'x')],
  ])('malformed: %s', (_, bytes) => {
    expect(decodeMetadata(bytes)).toMatchObject({ ok: false, error: { code: 'malformed' } });
  });

  test('an array of thirty millions reserves no memory', () => {
    const before = process.memoryUsage().heapTotal;
    const bytes = bytesOf(0x81, 0xa1, 'a', 0xdd, 0x01, 0xc9, 0xc3, 0x80);
    expect(decodeMetadata(bytes)).toMatchObject({ ok: false, error: { code: 'malformed' } });
    expect(process.memoryUsage().heapTotal - before).toBeLessThan(100e6);
  });

  test.each([
    ['endpoint_invalid', { apiEndpoint: 7 }],
    ['endpoint_invalid', { apiEndpoint: 'ftp://a.example' }],
    ['endpoint_invalid', { apiEndpoint: 'https://user:secret@a.example' }],
    ['endpoint_invalid', { apiEndpoint: `https://a.example/${'a'.repeat(2_048)}` }],
    ['port_invalid', { apiPort: 0 }],
    ['port_invalid', { apiPort: 65_536 }],
    ['port_invalid', { apiPort: -1 }],
    ['port_invalid', { apiPort: 443.5 }],
    ['port_invalid', { apiPort: '443' }],
    ['labels_invalid', { labels: ['a'] }],
    ['labels_invalid', { labels: { env: 7 } }],
    ['labels_invalid', { labels: { env: null } }],
    ['labels_invalid', { labels: { '-env': 'prod' } }],
    ['labels_invalid', { labels: { env: 'prod eu' } }],
    ['labels_invalid', { labels: { env: 'a'.repeat(64) } }],
    ['too_many_labels', { labels: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, ''])) }],
  ])('%s: %j', (code, content) => {
    expect(codeOf({ ...WHOLE, ...content })).toBe(code);
  });

  test('a uint64 port beyond the safe integers', () => {
    expect(decodeMetadata(withPort(0xcf, ...Array.from({ length: 8 }, () => 0xff)))).toMatchObject({
      error: { code: 'port_invalid' },
    });
  });

  test('the detail is one harmless line', () => {
    const result = decodeMetadata(encode({ labels: { ['\u001b[2J\n'.repeat(50)]: 'x' } }));
    expect(result).toMatchObject({ ok: false, error: { detail: expect.stringMatching(/^[ -~]{1,400}$/) } });
  });
});

describe('labels', () => {
  test('64 of them are let through', () => {
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${index}`, 'x']));
    expect(decodeMetadata(encode({ labels }))).toMatchObject({ ok: true, value: { labels } });
  });

  test('one that is not there is not found in a prototype', () => {
    const result = decodeMetadata(encode({ labels: { toString: 'x' } }));
    const labels = result.ok ? result.value.labels : {};
    expect([labels['toString'], labels['constructor'], labels['valueOf']]).toEqual(['x', undefined, undefined]);
  });
});

describe('at a glance', () => {
  test.each([
    ['with all', WHOLE],
    ['without anything', { apiEndpoint: '', apiPort: 1, labels: {} }],
    ['a label with a prefix', { ...WHOLE, labels: { 'topology.kubernetes.io/zone': '' } }],
    ['a long value', { ...WHOLE, labels: { note: 'a'.repeat(63) } }],
    ['a long endpoint', { ...WHOLE, apiEndpoint: `https://A.example/${'a'.repeat(230)}` }],
  ])('our own are seen to be good: %s', (_, metadata) => {
    expect(isPlain(encodeMetadata(metadata))).toBe(true);
  });

  test.each([
    ['another order', encode({ labels: {}, apiPort: 443, apiEndpoint: '' })],
    ['one key more', encode({ ...WHOLE, zone: 'a' })],
    ['an endpoint that is not good', encodeMetadata({ ...WHOLE, apiEndpoint: 'ftp://a.example' })],
    ['a port that is not good', encodeMetadata({ ...WHOLE, apiPort: 0 })],
    ['a key that is not good', encodeMetadata({ ...WHOLE, labels: { '-env': 'prod' } })],
    ['a value that is not good', encodeMetadata({ ...WHOLE, labels: { env: 'pröd' } })],
    ['a value that is too long', encodeMetadata({ ...WHOLE, labels: { env: 'a'.repeat(64) } })],
    ['a byte more', Buffer.concat([encodeMetadata(WHOLE), Buffer.from('a')])],
    ['a byte less', encodeMetadata(WHOLE).subarray(0, -1)],
  ])('nothing is said of others: %s', (_, bytes) => {
    expect(isPlain(bytes)).toBe(false);
  });
});

test('the same array is decoded once', () => {
  const good = encodeMetadata(WHOLE);
  const bad = bytesOf(0xc1);
  expect(metadataOf(good)).toEqual({ ok: true, value: WHOLE });
  expect(metadataOf(good)).toBe(metadataOf(good));
  expect(metadataOf(bad)).toBe(metadataOf(bad));
  expect(metadataOf(good.slice())).not.toBe(metadataOf(good));
});
