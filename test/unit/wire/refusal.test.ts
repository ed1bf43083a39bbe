import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { decodeDiffRequest, decodeHeartbeatRequest } from '../../../src/wire/decode.ts';
import { DEFAULT_WIRE_LIMITS } from '../../../src/wire/limits.ts';
import { forLog, WIRE_STATUS } from '../../../src/wire/refusal.ts';
import { write } from './reference.ts';

const ENVELOPE = write('GossipHeartbeatRequest', { envelope: { srcId: 'sender', mesh: 'blue' } });
const ENTRY = { version: 7, address: '10.0.0.1:7946', peer_state: 1 };

const codeOf = (bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS): string => {
  const result = decodeHeartbeatRequest(bytes, limits);
  return result.ok ? 'ok' : result.error.code;
};
const withEnvelope = (envelope: object): Uint8Array => write('GossipHeartbeatRequest', { envelope });
const after = (...bytes: number[]): Uint8Array => Buffer.concat([ENVELOPE, Uint8Array.from(bytes)]);
const digestOf = (entries: number): Uint8Array => {
  const digest = Object.fromEntries(Array.from({ length: entries }, (_, index) => [`n${index}`, ENTRY]));
  return write('GossipHeartbeatRequest', {
    envelope: { srcId: 'sender' },
    heartbeat_message: { version_map_digest: digest },
  });
};
const deltaOf = (keys: string): Uint8Array => {
  const state_delta = Object.fromEntries(Array.from(keys, (key) => [key, {}]));
  return write('GossipDiffRequest', { envelope: { srcId: 's' }, gossip_diff_message: { state_delta } });
};

describe('the envelope', () => {
  test('missing', () => {
    expect(codeOf(new Uint8Array())).toBe('no_envelope');
    expect(codeOf(write('GossipHeartbeatRequest', { heartbeat_message: { ts_unix_nano: '5' } }))).toBe('no_envelope');
  });

  test.each(['', 'a\u0000b', 'a'.repeat(254), 'é'.repeat(127)])('bad source %j', (srcId) => {
    expect(codeOf(withEnvelope({ srcId, mesh: 'blue' }))).toBe('bad_source');
  });

  test('a source that is no UTF-8', () => {
    const bytes = new protobuf.Writer().uint32(10).fork().uint32(10).bytes(Uint8Array.of(0xff)).ldelim().finish();
    expect(codeOf(bytes)).toBe('bad_source');
  });

  test.each(['a'.repeat(64), 'bl\u0007ue', 'bläu'])('bad mesh %j', (mesh) => {
    expect(codeOf(withEnvelope({ srcId: 'sender', mesh }))).toBe('bad_mesh');
  });

  test.each(['', 'a'.repeat(63), 'the blue one'])('good mesh %j', (mesh) => {
    expect(decodeHeartbeatRequest(withEnvelope({ srcId: 'sender', mesh }))).toMatchObject({
      value: { message: { mesh } },
    });
  });

  test('the detail is one harmless line however hostile the name is', () => {
    const result = decodeHeartbeatRequest(withEnvelope({ srcId: `\u001b[2J\n\u2028${'x'.repeat(100_000)}` }));
    expect(result).toEqual({
      ok: false,
      error: { code: 'bad_source', detail: `"\\u{1b}[2J\\u{a}\\u{2028}${'x'.repeat(58)}..." is not an id` },
    });
  });
});

describe('malformed', () => {
  test.each([
    ['a field cut short', after(18, 5, 8)],
    ['a field that ends in its tag', after(18)],
    ['a varint without an end', after(0x18, ...Array.from({ length: 11 }, () => 0xff))],
    ['a time cut short', after(18, 2, 8, 0xff)],
    ['a version of eleven bytes', after(18, 15, 18, 13, 18, 11, 8, ...Array.from({ length: 10 }, () => 0xff), 1)],
    ['field number 0', after(0x02, 0)],
    ['an unknown layout', after(0x1f)],
    ['the end of a group that did not begin', after(0x1c)],
    ['a group that does not end', after(0x1b)],
    ['an entry longer than its digest', after(18, 3, 18, 50, 10)],
    ['the body as a number', after(16, 1)],
    ['the body as a group', after(19, 20)],
    ['the digest as a number', after(18, 2, 16, 1)],
    ['the time as bytes', after(18, 2, 10, 0)],
    ['the source as a number', Uint8Array.of(10, 2, 8, 1)],
  ])('%s', (_, bytes) => {
    expect(codeOf(bytes)).toBe('malformed');
  });

  test('groups within groups do not exhaust the stack', () => {
    const deep = Buffer.concat([ENVELOPE, Buffer.alloc(1_000_000, Uint8Array.of(0xa3, 0x06))]);
    expect(codeOf(deep)).toBe('malformed');
  });
});

describe('unknown fields are skipped', () => {
  test.each([
    ['a number', [0xa0, 0x06, 1]],
    ['64 bits', [0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['bytes', [0xa2, 0x06, 2, 0xff, 0xff]],
    ['a group', [0xa3, 0x06, 0xa8, 0x06, 1, 0xa4, 0x06]],
    ['32 bits', [0xa5, 0x06, 1, 2, 3, 4]],
    ['a hash that is no UTF-8', [0x1a, 1, 0xff]],
  ])('%s', (_, bytes) => {
    expect(codeOf(after(...bytes))).toBe('ok');
  });

  test('the extensions that the domain does not have yet', () => {
    const extended = write('GossipDiffRequest', {
      envelope: { srcId: 'sender', mesh: 'blue', protocol_version: 9 },
      gossip_diff_message: { fingerprint: '18446744073709551615', in_sync: true, push_only: true },
    });
    expect(decodeDiffRequest(extended)).toMatchObject({ value: { message: { pushOnly: true, delta: [] } } });
  });
});

describe('bounds', () => {
  test('a message at its limit is read, one byte more is not', () => {
    expect(codeOf(ENVELOPE, { ...DEFAULT_WIRE_LIMITS, maxMessageBytes: ENVELOPE.length })).toBe('ok');
    expect(codeOf(ENVELOPE, { ...DEFAULT_WIRE_LIMITS, maxMessageBytes: ENVELOPE.length - 1 })).toBe('too_large');
    expect(codeOf(new Uint8Array(4 * 1024 * 1024 + 1))).toBe('too_large');
  });

  test('a map at its limit is read, one entry more is not', () => {
    expect(codeOf(digestOf(3), { ...DEFAULT_WIRE_LIMITS, maxMembers: 3 })).toBe('ok');
    expect(codeOf(digestOf(4), { ...DEFAULT_WIRE_LIMITS, maxMembers: 3 })).toBe('too_many_members');
  });

  test('the limit holds for each map, and a map in two pieces is one map', () => {
    const limits = { ...DEFAULT_WIRE_LIMITS, maxMembers: 3 };
    expect(codeOf(Buffer.concat([digestOf(2), digestOf(2)]), limits)).toBe('too_many_members');
    expect(decodeDiffRequest(deltaOf('abc'), limits).ok).toBe(true);
    expect(decodeDiffRequest(deltaOf('abcd'), limits)).toMatchObject({ error: { code: 'too_many_members' } });
  });

  test('a hundred thousand entries are refused without reading past the limit', () => {
    const entries = Buffer.concat(Array.from({ length: 100_000 }, () => Uint8Array.of(18, 3, 10, 1, 97)));
    const rest = Uint8Array.of(0xff, 0xff, 0xff);
    const bytes = new protobuf.Writer()
      .raw(ENVELOPE)
      .uint32(18)
      .bytes(Buffer.concat([entries, rest]))
      .finish();
    expect(codeOf(bytes)).toBe('too_many_members');
    expect(codeOf(bytes, { ...DEFAULT_WIRE_LIMITS, maxMembers: 100_000 })).toBe('malformed');
  });
});

test('each refusal has its status', () => {
  expect(WIRE_STATUS).toEqual({
    too_large: 'RESOURCE_EXHAUSTED',
    too_many_members: 'RESOURCE_EXHAUSTED',
    malformed: 'INVALID_ARGUMENT',
    no_envelope: 'INVALID_ARGUMENT',
    bad_source: 'INVALID_ARGUMENT',
    bad_target: 'INVALID_ARGUMENT',
    bad_mesh: 'INVALID_ARGUMENT',
  });
});

describe('text for logs', () => {
  test.each([
    ['prod-eu', 'prod-eu'],
    ['größe 東京 🙂', 'größe 東京 🙂'],
    ['a\r\nb\u001b[0m', 'a\\u{d}\\u{a}b\\u{1b}[0m'],
    ['\u202eevil\u2029', '\\u{202e}evil\\u{2029}'],
    ['\ud800', '\\u{d800}'],
    ['🙂'.repeat(64), '🙂'.repeat(64)],
    ['🙂'.repeat(65), `${'🙂'.repeat(64)}...`],
  ])('%j', (text, shown) => {
    expect(forLog(text)).toBe(shown);
  });
});
