import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import {
  decodeDeltaResponse,
  decodeDiffRequest,
  decodeDiffResponse,
  decodeHeartbeatRequest,
} from '../../../src/wire/decode.ts';
import { DEFAULT_WIRE_LIMITS } from '../../../src/wire/limits.ts';
import { encodeMetadata } from '../../../src/wire/metadata.ts';
import { write } from './reference.ts';

const METADATA = encodeMetadata({ apiEndpoint: 'https://a.example', apiPort: 6443, labels: { env: 'prod' } });
const ENTRY = {
  version: 7,
  address: '10.0.0.1:7946',
  last_seen_unix_nano: '5000000',
  peer_state: 'PEER_STATE_HEALTHY',
};
const ENVELOPE = { srcId: 'sender', mesh: 'blue', protocol_version: 1 };

const heartbeatWith = (entries: object, envelope: object = ENVELOPE): Uint8Array =>
  write('GossipHeartbeatRequest', { envelope, heartbeat_message: { version_map_digest: entries } });
const deltaWith = (states: object): Uint8Array =>
  write('GossipDeltaResponse', { envelope: ENVELOPE, gossip_delta_message: { state_delta: states } });
const stateWith = (changes: object, data = METADATA): object => ({ digest_entry: { ...ENTRY, ...changes }, data });

/** A heartbeat whose digest has the given keys, byte by byte: protobufjs writes no invalid ones. */
function heartbeatWithKeys(keys: readonly Uint8Array[], entry: object = ENTRY): Uint8Array {
  const writer = new protobuf.Writer();
  writer.raw(write('GossipHeartbeatRequest', { envelope: ENVELOPE }));
  writer.uint32(18).fork();
  for (const key of keys) {
    const value = heartbeatWith({ k: entry }, {});
    writer.uint32(18).fork().uint32(10).bytes(key).raw(valueOf(value)).ldelim();
  }
  return writer.ldelim().finish();
}

/** The value field of the only entry of a digest. */
function valueOf(heartbeat: Uint8Array): Uint8Array {
  const key = Buffer.from(heartbeat).indexOf(Buffer.from([10, 1, 'k'.charCodeAt(0)]));
  return heartbeat.subarray(key + 3);
}

function heartbeat(bytes: Uint8Array, limits = DEFAULT_WIRE_LIMITS) {
  const result = decodeHeartbeatRequest(bytes, limits);
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.detail}`);
  return result.value;
}

function delta(bytes: Uint8Array) {
  const result = decodeDeltaResponse(bytes);
  if (!result.ok) throw new Error(`refused: ${result.error.code} ${result.error.detail}`);
  return { records: result.value.message.delta, refusals: result.value.refusals };
}

describe('a bad record is dropped alone', () => {
  test.each([
    ['state_unknown', 'unspecified', { peer_state: 0 }],
    ['state_unknown', 'not in the enum', { peer_state: 4 }],
    ['state_unknown', 'negative', { peer_state: -1 }],
    ['version_unsafe', 'one above the safe integers', { version: '9007199254740992' }],
    ['version_unsafe', 'the greatest uint64', { version: '18446744073709551615' }],
    ['address_invalid', 'none', { address: '' }],
    ['address_invalid', 'without a port', { address: '10.0.0.1' }],
    ['address_invalid', 'not ASCII', { address: 'höst:1' }],
    ['address_invalid', 'too long', { address: `${'a'.repeat(256)}:65535` }],
  ])('%s: %s', (reason, _, changes) => {
    const good = heartbeat(heartbeatWith({ bad: { ...ENTRY, ...changes }, good: ENTRY }));
    expect([...good.message.digest.keys()]).toEqual(['good']);
    expect(good.refusals).toEqual([{ reason, id: 'bad' }]);

    const inDelta = delta(deltaWith({ bad: stateWith(changes), good: stateWith({}) }));
    expect(inDelta.records.map((record) => record.id)).toEqual(['good']);
    expect(inDelta.refusals).toEqual([{ reason, id: 'bad' }]);
  });

  test.each([
    ['no_digest_entry', 'state without an entry', { data: METADATA }],
    ['no_digest_entry', 'nothing at all', {}],
    ['metadata_invalid', 'no metadata', { digest_entry: ENTRY }],
    ['metadata_invalid', 'not MessagePack', stateWith({}, Uint8Array.of(0xc1))],
    ['metadata_too_large', 'one byte above the limit', stateWith({}, new Uint8Array(8_193))],
  ])('%s: %s', (reason, _, state) => {
    const { records, refusals } = delta(deltaWith({ bad: state, good: stateWith({}) }));
    expect(records.map((record) => record.id)).toEqual(['good']);
    expect(refusals).toEqual([{ reason, id: 'bad' }]);
  });

  test.each([
    ['a control character', Buffer.from('a\nb'), 'a\\u{a}b'],
    ['a C1 control character', Buffer.from('a\u0085b'), 'a\\u{85}b'],
    ['DEL', Buffer.from('\u007f'), '\\u{7f}'],
    ['no UTF-8', Buffer.from([0x61, 0xff]), 'a\ufffd'],
    ['an overlong form', Buffer.from([0xc1, 0xa1]), '\ufffd\ufffd'],
    ['half a surrogate pair', Buffer.from([0xed, 0xa0, 0x80]), '\ufffd\ufffd\ufffd'],
    ['254 bytes', Buffer.alloc(254, 'a'), `${'a'.repeat(64)}...`],
    ['a megabyte', Buffer.alloc(1 << 20, 'a'), `${'a'.repeat(64)}...`],
  ])('id_invalid: %s', (_, key, id) => {
    const { message, refusals } = heartbeat(heartbeatWithKeys([key, Buffer.from('good')]));
    expect([...message.digest.keys()]).toEqual(['good']);
    expect(refusals).toEqual([{ reason: 'id_invalid', id }]);
  });

  test('id_invalid: empty, with no id to name', () => {
    const { message, refusals } = heartbeat(heartbeatWith({ '': ENTRY, good: ENTRY }));
    expect([...message.digest.keys()]).toEqual(['good']);
    expect(refusals).toEqual([{ reason: 'id_invalid' }]);
  });

  test('the longest lawful id, address and metadata are let through', () => {
    const id = 'é'.repeat(126) + 'a';
    const label = `${'a'.repeat(63)}.`;
    const address = `${label.repeat(3)}${'a'.repeat(61)}:65535`;
    const limits = { ...DEFAULT_WIRE_LIMITS, maxMetadataBytes: METADATA.length };
    const bytes = deltaWith({ [id]: stateWith({ address, version: Number.MAX_SAFE_INTEGER }) });
    expect(decodeDeltaResponse(bytes, limits)).toMatchObject({
      value: { message: { delta: [{ id, address, version: Number.MAX_SAFE_INTEGER }] }, refusals: [] },
    });
  });
});

describe('keys', () => {
  test('names of Object.prototype and numbers are ids like others', () => {
    const keys = ['toString', '__proto__', 'constructor', '10', '9'];
    const { message } = heartbeat(heartbeatWithKeys(keys.map((key) => Buffer.from(key))));
    expect([...message.digest.keys()]).toEqual(keys);
    expect(message.digest.get(keys[1] as never)).toMatchObject({ version: 7 });
    expect(Object.prototype).not.toHaveProperty('version');
  });

  test('two keys never become one: a byte order mark, a letter and its pieces, a character and its bytes stay apart', () => {
    const keys = ['a', '\ufeffa', 'é', 'e\u0301', 'Ã©'];
    for (let round = 0; round < 2; round += 1) {
      const { message } = heartbeat(heartbeatWithKeys(keys.map((key) => Buffer.from(key))));
      expect([...message.digest.keys()]).toEqual(keys);
    }
  });

  test('the bytes of a known text under another encoding are not that text', () => {
    const latin = Buffer.from([0xc3]);
    expect(heartbeat(heartbeatWithKeys([Buffer.from('Ã')])).message.digest.size).toBe(1);
    expect(heartbeat(heartbeatWithKeys([latin])).refusals).toEqual([{ reason: 'id_invalid', id: '\ufffd' }]);
  });

  test('of a key that comes twice the last entry counts', () => {
    const twice = Buffer.concat([heartbeatWith({ a: ENTRY }), heartbeatWith({ a: { ...ENTRY, version: 8 } })]);
    expect(heartbeat(twice).message.digest.get('a' as never)).toMatchObject({ version: 8 });
  });

  test('of a key that comes twice the last entry counts, even if it can not be used', () => {
    const unknown = Buffer.concat([heartbeatWith({ a: ENTRY }), heartbeatWith({ a: { ...ENTRY, peer_state: 9 } })]);
    expect(heartbeat(unknown).message.digest.size).toBe(0);
    const nothing = Buffer.concat([deltaWith({ a: stateWith({}) }), deltaWith({ a: {} })]);
    expect(delta(nothing)).toEqual({ records: [], refusals: [{ reason: 'no_digest_entry', id: 'a' }] });
  });
});

describe('meaning', () => {
  test.each([
    ['PEER_STATE_HEALTHY', false],
    ['PEER_STATE_SUSPECTED_DEAD', false],
    ['PEER_STATE_DEAD', true],
  ])('`left` beside %s reads as %s', (peer_state, left) => {
    const { message } = heartbeat(heartbeatWith({ a: { ...ENTRY, peer_state, left: true } }));
    expect(message.digest.get('a' as never)).toMatchObject({ left });
  });

  test.each([
    ['0', 0],
    ['999999', 0],
    ['1000000', 1],
    ['1795253412345999999', 1_795_253_412_345],
    ['4294967296000000', 4_294_967_296],
    ['9223372036854775807', 9_223_372_036_854],
    ['-1', 0],
    ['-9223372036854775808', 0],
  ])('%s ns are %d ms', (nanos, millis) => {
    const bytes = write('GossipHeartbeatRequest', {
      envelope: ENVELOPE,
      heartbeat_message: { ts_unix_nano: nanos, version_map_digest: { a: { ...ENTRY, last_seen_unix_nano: nanos } } },
    });
    const { message } = heartbeat(bytes);
    expect(message.sentAt).toBe(millis);
    expect(message.digest.get('a' as never)).toMatchObject({ lastSeen: millis });
  });

  test('a message without a body is one that says nothing', () => {
    const envelope = { srcId: 'sender', mesh: '' };
    const expected = { source: 'sender', mesh: '' };
    const nothing = new Map();
    expect(heartbeat(write('GossipHeartbeatRequest', { envelope })).message).toEqual({
      ...expected,
      sentAt: 0,
      digest: nothing,
    });
    const diff = { ...expected, delta: [], digest: nothing, pushOnly: false };
    for (const decode of [decodeDiffRequest, decodeDiffResponse]) {
      expect(decode(write('GossipDiffRequest', { envelope }))).toEqual({
        ok: true,
        value: { message: diff, refusals: [] },
      });
    }
    expect(delta(write('GossipDeltaResponse', { envelope })).records).toEqual([]);
  });

  test('a record does not keep the received buffer in memory', () => {
    const [record] = delta(Buffer.from(deltaWith({ a: stateWith({}) }))).records;
    expect(record?.metadata).toEqual(METADATA);
    expect(record?.metadata.buffer.byteLength).toBe(METADATA.length);
  });

  test('nor do many, each of which keeps at most 4 KiB', () => {
    const ids = Array.from({ length: 100 }, (_, index) => `member-${index}`);
    const { records } = delta(Buffer.from(deltaWith(Object.fromEntries(ids.map((id) => [id, stateWith({})])))));
    expect(records.map(({ metadata }) => metadata)).toEqual(ids.map(() => METADATA));
    expect(Math.max(...records.map(({ metadata }) => metadata.buffer.byteLength))).toBeLessThanOrEqual(4_096);
  });

  test('a buffer within a larger one is read where it lies', () => {
    const bytes = heartbeatWith({ a: ENTRY });
    const larger = new Uint8Array(bytes.length + 20).fill(255);
    larger.set(bytes, 10);
    expect(heartbeat(larger.subarray(10, 10 + bytes.length)).message.digest.size).toBe(1);
  });
});
