import { describe, expect, test } from 'vitest';
import { nodeId, unixMillis, type Version } from '../../../src/base/brands.ts';
import type { Diff } from '../../../src/gossip/messages.ts';
import { BUCKETS, Fingerprint } from '../../../src/store/fingerprint.ts';
import { DigestEntry, MemberRecord, PEER_STATES } from '../../../src/store/record.ts';
import {
  decodeDiffRequest,
  decodeHeartbeatRequest,
  decodeProbeRequest,
  decodeProbeResponse,
  decodeStepRequest,
  decodeStepResponse,
} from '../../../src/wire/decode.ts';
import {
  encodeDeltaResponse,
  encodeDiffRequest,
  encodeDiffResponse,
  encodeHeartbeatRequest,
  encodeProbeRequest,
  encodeProbeResponse,
  encodeStep,
  encodeStepRefusal,
} from '../../../src/wire/encode.ts';
import { encodeMetadata } from '../../../src/wire/metadata.ts';
import { peerStateNumber } from '../../../src/wire/peer-state.ts';
import { enumOf, read, typeOf, write } from './reference.ts';

const METADATA = encodeMetadata({ apiEndpoint: '', apiPort: 443, labels: {} });
const VERSION = 1_795_253_412_345 as Version;
const SEEN = unixMillis(1_795_253_412_999);
const GONE = {
  version: Number.MAX_SAFE_INTEGER as Version,
  state: 'DEAD',
  left: true,
  forgotten: true,
  address: '[::1]:1',
} as const;
const HERE = { version: VERSION, state: 'HEALTHY', left: false, address: 'a.example:7946' } as const;
const ENVELOPE = { source: nodeId('größe'), mesh: 'blue' };
/** The same on both sides: 0x00000001fffffffe. */
const FINGERPRINT = new Fingerprint(1, 0xffff_fffe);
const FINGERPRINT_SHOWN = '8589934590';

const BUCKETS_OF_ALL = Array.from({ length: BUCKETS }, (_, bucket) => new Fingerprint(0, bucket + 1));

/** The same message as we hold it and as the descriptors show it. */
const DIFF: Diff = {
  ...ENVELOPE,
  delta: [new MemberRecord(nodeId('here'), HERE, METADATA), new MemberRecord(nodeId('gone'), GONE, METADATA)],
  digest: new Map([[nodeId('here'), new DigestEntry(HERE, SEEN)]]),
  pushOnly: true,
  fingerprint: FINGERPRINT,
  inSync: true,
  scope: 0x8000_0001,
};
const HERE_SHOWN = {
  version: '1795253412345',
  address: 'a.example:7946',
  last_seen_unix_nano: '0',
  peer_state: 'PEER_STATE_HEALTHY',
  left: false,
  forgotten: false,
};
const GONE_SHOWN = {
  version: '9007199254740991',
  address: '[::1]:1',
  last_seen_unix_nano: '0',
  peer_state: 'PEER_STATE_DEAD',
  left: true,
  forgotten: true,
};
const ENVELOPE_SHOWN = { srcId: 'größe', mesh: 'blue', protocol_version: 1 };
const DELTA_SHOWN = {
  here: { digest_entry: HERE_SHOWN, data: Buffer.from(METADATA) },
  gone: { digest_entry: GONE_SHOWN, data: Buffer.from(METADATA) },
};
const DIGEST_SHOWN = { here: { ...HERE_SHOWN, last_seen_unix_nano: '1795253412999000000' } };

describe('what we write, others read', () => {
  test('heartbeat', () => {
    const message = {
      ...ENVELOPE,
      sentAt: SEEN,
      digest: DIFF.digest,
      fingerprint: FINGERPRINT,
      buckets: BUCKETS_OF_ALL,
    };
    const bytes = encodeHeartbeatRequest(message);
    expect(read('GossipHeartbeatRequest', bytes)).toEqual({
      envelope: ENVELOPE_SHOWN,
      heartbeat_message: {
        ts_unix_nano: '1795253412999000000',
        version_map_digest: DIGEST_SHOWN,
        fingerprint: FINGERPRINT_SHOWN,
        bucket_fingerprints: BUCKETS_OF_ALL.map((_, bucket) => String(bucket + 1)),
      },
      hash: '',
    });
  });

  test('diff, as a request and as a response', () => {
    const shown = {
      envelope: ENVELOPE_SHOWN,
      gossip_diff_message: {
        state_delta: DELTA_SHOWN,
        version_map_digest: DIGEST_SHOWN,
        fingerprint: FINGERPRINT_SHOWN,
        in_sync: true,
        push_only: true,
        scope: 0x8000_0001,
      },
      hash: '',
    };
    expect(read('GossipDiffRequest', encodeDiffRequest(DIFF))).toEqual(shown);
    expect(read('GossipDiffResponse', encodeDiffResponse(DIFF))).toEqual(shown);
  });

  test('delta, which tells whether it holds anything', () => {
    const shown = { envelope: ENVELOPE_SHOWN, hash: '' };
    const full = encodeDeltaResponse({ ...ENVELOPE, delta: DIFF.delta });
    expect(read('GossipDeltaResponse', full)).toEqual({
      ...shown,
      gossip_delta_message: { state_delta: DELTA_SHOWN },
      has_delta: true,
    });
    const empty = encodeDeltaResponse({ ...ENVELOPE, delta: [] });
    expect(read('GossipDeltaResponse', empty)).toEqual({
      ...shown,
      gossip_delta_message: { state_delta: {} },
      has_delta: false,
    });
  });
});

describe('a probe', () => {
  test('is read by others, and theirs by us', () => {
    const asked = { envelope: ENVELOPE_SHOWN, target: 'prod-eu' };
    const question = { ...ENVELOPE, target: nodeId('prod-eu') };
    expect(read('ProbeRequest', encodeProbeRequest(question))).toEqual(asked);
    expect(decodeProbeRequest(write('ProbeRequest', asked))).toEqual({
      ok: true,
      value: { message: question, refusals: [] },
    });
    const answer = { ...ENVELOPE, reached: true };
    const told = { envelope: ENVELOPE_SHOWN, reached: true };
    expect(read('ProbeResponse', encodeProbeResponse(answer))).toEqual(told);
    expect(decodeProbeResponse(write('ProbeResponse', told))).toEqual({
      ok: true,
      value: { message: answer, refusals: [] },
    });
  });
});

/** What is read in the wrapper of a step, be it of a request or of an answer. */
function shownStep(bytes: Uint8Array) {
  const request = decodeStepRequest(Buffer.from(bytes));
  if (!request.ok) throw new Error(request.error.detail);
  expect(decodeStepResponse(Buffer.from(bytes))).toEqual(request);
  return request.value;
}

describe('a step on a stream', () => {
  const heartbeat = encodeHeartbeatRequest({ ...ENVELOPE, sentAt: SEEN, digest: new Map() });
  const delta = encodeDeltaResponse({ ...ENVELOPE, delta: DIFF.delta });

  test('is read by others', () => {
    expect(read('GossipStepRequest', encodeStep({ number: 1, step: 'heartbeat', message: heartbeat }))).toEqual({
      number: 1,
      heartbeat: read('GossipHeartbeatRequest', heartbeat),
    });
    expect(
      read('GossipStepRequest', encodeStep({ number: 200, step: 'diff', message: encodeDiffRequest(DIFF) })),
    ).toEqual({ number: 200, diff: read('GossipDiffRequest', encodeDiffRequest(DIFF)) });
    expect(
      read('GossipStepResponse', encodeStep({ number: 1, step: 'heartbeat', message: encodeDiffResponse(DIFF) })),
    ).toEqual({ number: 1, heartbeat: read('GossipDiffResponse', encodeDiffResponse(DIFF)) });
    expect(read('GossipStepResponse', encodeStep({ number: 2 ** 32 - 1, step: 'diff', message: delta }))).toEqual({
      number: 2 ** 32 - 1,
      diff: read('GossipDeltaResponse', delta),
    });
  });

  test('is read by us', () => {
    const content = { envelope: ENVELOPE_SHOWN, gossip_delta_message: { state_delta: DELTA_SHOWN }, has_delta: true };
    const shown = shownStep(write('GossipStepResponse', { number: 2 ** 32 - 1, diff: content }));
    expect(shown).toEqual({ number: 2 ** 32 - 1, step: 'diff', message: expect.any(Buffer) });
    expect(read('GossipDeltaResponse', shown.message)).toEqual(read('GossipDeltaResponse', delta));
  });

  test('has the number 0 where none is told, and no more than 32 bits of one', () => {
    expect(shownStep(write('GossipStepRequest', { heartbeat: {} }))).toMatchObject({ number: 0 });
    const number = [24, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
    expect(shownStep(Uint8Array.from([10, 0, ...number]))).toMatchObject({ number: 2 ** 32 - 1 });
  });

  test('costs two bytes for its number up to 127', () => {
    const sizes = [0, 1, 127].map((number) => encodeStep({ number, step: 'diff', message: delta }).length);
    expect(new Set(sizes)).toEqual(
      new Set([write('GossipStepResponse', { diff: read('GossipDeltaResponse', delta) }).length + 2]),
    );
  });

  test('is the last one where there are two, whatever stands beside it', () => {
    const unknown = Buffer.from([((31 << 3) & 0x7f) | 0x80, 1, 7]);
    const bytes = Buffer.concat([
      encodeStepRefusal({ number: 1, step: 'refused', code: 3, detail: '' }),
      encodeStep({ number: 2, step: 'diff', message: delta }),
      encodeStep({ number: 3, step: 'heartbeat', message: heartbeat }),
      unknown,
    ]);
    expect(shownStep(bytes)).toEqual({ number: 3, step: 'heartbeat', message: heartbeat });
  });

  test('is refused, and others read why', () => {
    const refusal = { number: 7, step: 'refused', code: 9, detail: 'another mesh' } as const;
    const shown = { number: 7, refused: { code: 9, detail: 'another mesh' } };
    expect(read('GossipStepResponse', encodeStepRefusal(refusal))).toEqual(shown);
    const bytes = Buffer.from(write('GossipStepResponse', shown));
    expect(decodeStepResponse(bytes)).toEqual({ ok: true, value: refusal });
    expect(decodeStepRequest(bytes)).toMatchObject({ ok: false, error: { code: 'malformed' } });
  });

  test('is refused with words that can be shown, however they are', () => {
    const refused = { code: 2 ** 32 - 1, detail: `\u001B[2J${'x'.repeat(1_000)}`, future: 1 };
    expect(decodeStepResponse(Buffer.from(write('GossipStepResponse', { refused })))).toEqual({
      ok: true,
      value: { number: 0, step: 'refused', code: 2 ** 32 - 1, detail: `\\u{1b}[2J${'x'.repeat(60)}...` },
    });
  });

  test.each([
    ['nothing', []],
    ['a length that goes beyond the end', [10, 5, 1]],
    ['a number in the place of a message', [8, 1]],
    ['a message in the place of the number', [10, 0, 26, 0]],
    ['a number that is cut off', [10, 0, 24, 0x80]],
    ['a refusal that is cut off', [34, 2, 8]],
    ['a number only', [24, 1]],
    ['another field only', [42, 0]],
    ['a tag that is cut off', [0x80]],
  ])('is malformed: %s', (_what, bytes) => {
    for (const decode of [decodeStepRequest, decodeStepResponse]) {
      expect(decode(Buffer.from(bytes))).toMatchObject({ ok: false, error: { code: 'malformed' } });
    }
  });
});

describe('what others write, we read', () => {
  test('heartbeat', () => {
    const bytes = write('GossipHeartbeatRequest', {
      envelope: ENVELOPE_SHOWN,
      heartbeat_message: {
        ts_unix_nano: '1795253412999999999',
        version_map_digest: DIGEST_SHOWN,
        fingerprint: FINGERPRINT_SHOWN,
        bucket_fingerprints: BUCKETS_OF_ALL.map((_, bucket) => String(bucket + 1)),
      },
      hash: 'of something',
    });
    expect(decodeHeartbeatRequest(bytes)).toEqual({
      ok: true,
      value: {
        message: {
          ...ENVELOPE,
          sentAt: SEEN,
          digest: DIFF.digest,
          fingerprint: FINGERPRINT,
          buckets: BUCKETS_OF_ALL,
        },
        refusals: [],
      },
    });
  });

  test('diff', () => {
    const bytes = write('GossipDiffRequest', {
      envelope: ENVELOPE_SHOWN,
      gossip_diff_message: {
        state_delta: DELTA_SHOWN,
        version_map_digest: DIGEST_SHOWN,
        push_only: true,
        in_sync: true,
        fingerprint: FINGERPRINT_SHOWN,
        scope: 0x8000_0001,
      },
    });
    expect(decodeDiffRequest(bytes)).toEqual({ ok: true, value: { message: DIFF, refusals: [] } });
  });

  test('a peer that knows only the fields below 16', () => {
    const entry = { version: 1, address: 'a:1', peer_state: 3 };
    const bytes = write('GossipDiffRequest', {
      envelope: { srcId: 'elder' },
      gossip_diff_message: { version_map_digest: { a: entry } },
    });
    const dead = { version: 1, state: 'DEAD', left: false, address: 'a:1', lastSeen: 0 };
    expect(decodeDiffRequest(bytes)).toMatchObject({
      value: { message: { source: 'elder', mesh: '', pushOnly: false, digest: new Map([['a', dead]]) } },
    });
  });
});

describe('the contract', () => {
  test('the states have their numbers', () => {
    expect(enumOf('PeerState')).toEqual({
      PEER_STATE_UNSPECIFIED: 0,
      ...Object.fromEntries(PEER_STATES.map((state) => [`PEER_STATE_${state}`, peerStateNumber(state)])),
    });
    expect(PEER_STATES.map(peerStateNumber)).toEqual([1, 2, 3]);
  });

  test.each([
    ['GossipMessageEnvelope', { srcId: 1, mesh: 16, protocol_version: 17 }],
    ['DigestEntry', { version: 1, address: 2, last_seen_unix_nano: 3, peer_state: 4, left: 16, forgotten: 17 }],
    ['GossipVersionedState', { digest_entry: 1, data: 2 }],
    ['GossipHeartbeatMessage', { ts_unix_nano: 1, version_map_digest: 2, fingerprint: 16, bucket_fingerprints: 17 }],
    [
      'GossipDiffMessage',
      { state_delta: 1, version_map_digest: 2, fingerprint: 16, in_sync: 17, push_only: 18, scope: 19 },
    ],
    ['GossipDeltaMessage', { state_delta: 1 }],
    ['GossipHeartbeatRequest', { envelope: 1, heartbeat_message: 2, hash: 3 }],
    ['GossipDiffResponse', { envelope: 1, gossip_diff_message: 2, hash: 3 }],
    ['GossipDiffRequest', { envelope: 1, gossip_diff_message: 2, hash: 3 }],
    ['GossipDeltaResponse', { envelope: 1, gossip_delta_message: 2, hash: 3, has_delta: 4 }],
  ])('%s has its fields, and every other number below 16 is reserved', (name, fields) => {
    const type = typeOf(name);
    expect(Object.fromEntries(type.fieldsArray.map((field) => [field.name, field.id]))).toEqual(fields);
    const used = new Set<number>(Object.values(fields));
    const free = Array.from({ length: 15 }, (_, index) => index + 1).filter((id) => !used.has(id));
    expect(free.filter((id) => !type.isReservedId(id))).toEqual([]);
  });
});

test.each([
  [-5, '0'],
  [1.9, '1000000'],
  [8.64e15, '9223372036854000000'],
  [Number.POSITIVE_INFINITY, '9223372036854000000'],
])('a time of %d ms is told as %s ns, the nearest that the wire can tell', (millis, nanos) => {
  const bytes = encodeHeartbeatRequest({ ...ENVELOPE, sentAt: unixMillis(millis), digest: new Map() });
  expect(read('GossipHeartbeatRequest', bytes)).toMatchObject({ heartbeat_message: { ts_unix_nano: nanos } });
});
