import * as fc from 'fast-check';
import {
  MAX_ID_BYTES,
  millis,
  type NodeId,
  type Now,
  nodeId,
  type UnixMillis,
  unixMillis,
  type Version,
} from '../../src/base/brands.ts';
import type { NodeMetadata } from '../../src/base/metadata.ts';
import type { Input } from '../../src/gossip/input.ts';
import type { DeltaAnswer, Diff, Heartbeat, Probe, ProbeAnswer } from '../../src/gossip/messages.ts';
import type { Delta } from '../../src/store/delta.ts';
import { BUCKETS, Fingerprint } from '../../src/store/fingerprint.ts';
import { type Claim, type Digest, DigestEntry, MemberRecord, PEER_STATES } from '../../src/store/record.ts';
import { encodeMetadata } from '../../src/wire/metadata.ts';

/** The latest time that int64 nanoseconds can tell, in milliseconds. */
const LATEST_MILLIS = 9_223_372_036_854;

/** Lawful ids: names as people give them, names that are traps in JavaScript, and any other text. */
export const nodeIds: fc.Arbitrary<NodeId> = fc
  .oneof(
    fc.stringMatching(/^[a-z][a-z0-9.-]{0,40}$/),
    fc.constantFrom('__proto__', 'toString', 'constructor', '0', '1', '-1', ' ', 'ÿ', '\ufeffprod', 'Ã¼'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  )
  .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text) && Buffer.byteLength(text) <= MAX_ID_BYTES)
  .filter((text) => text !== '')
  .map(nodeId);

/** Versions over the whole range, with its edges. */
const versions: fc.Arbitrary<Version> = fc
  .oneof(
    fc.maxSafeNat(),
    fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    fc.constantFrom(0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 35, Number.MAX_SAFE_INTEGER),
  )
  .map((value) => value as Version);

/** Times that the wire can tell. */
export const times: fc.Arbitrary<UnixMillis> = fc
  .oneof(
    fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    fc.integer({ min: 0, max: LATEST_MILLIS }),
    fc.constantFrom(0, 1, 4_294, 4_295, 2 ** 21, LATEST_MILLIS),
  )
  .map(unixMillis);

/** Lawful addresses. */
const addresses: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.ipV4(),
      fc.domain(),
      fc.ipV6().map((six) => `[${six}]`),
      fc.constantFrom('localhost', '127.0.0.1'),
    ),
    fc.integer({ min: 1, max: 65_535 }),
  )
  .map(([host, port]) => `${host}:${port}`);

/** Claims as the owner or an accuser makes them: only the dead have left. */
const claims: fc.Arbitrary<Claim> = fc
  .record({ version: versions, state: fc.constantFrom(...PEER_STATES), left: fc.boolean(), address: addresses })
  .map(({ version, state, left, address }) => ({ version, state, left: left && state === 'DEAD', address }));

const labelNames = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?$/);

/** Lawful metadata. */
export const metadatas: fc.Arbitrary<NodeMetadata> = fc.record({
  apiEndpoint: fc.constantFrom('', 'https://api.prod-eu.example.com:6443', 'http://10.0.0.1/k8s'),
  apiPort: fc.integer({ min: 1, max: 65_535 }),
  labels: fc.dictionary(
    fc.oneof(
      labelNames,
      labelNames.map((name) => `example.com/${name}`),
      fc.constantFrom('toString', '1', '0'),
    ),
    fc.oneof(fc.constant(''), labelNames),
    { maxKeys: 12 },
  ),
});

/** Records with metadata that decode. */
export const records: fc.Arbitrary<MemberRecord> = fc
  .tuple(nodeIds, claims, metadatas)
  .map(([id, claim, metadata]) => new MemberRecord(id, claim, encodeMetadata(metadata)));

const digests: fc.Arbitrary<Digest> = fc
  .array(
    fc.tuple(
      nodeIds,
      fc.tuple(claims, times).map(([claim, lastSeen]) => new DigestEntry(claim, lastSeen)),
    ),
    { maxLength: 12 },
  )
  .map((entries) => new Map(entries));

/** Deltas with each member at most once. */
const deltas: fc.Arbitrary<Delta> = fc.uniqueArray(records, { maxLength: 8, selector: (record) => record.id });

const envelope = { source: nodeIds, mesh: fc.stringMatching(/^[ -~]{0,63}$/) };

const halves = fc.integer({ min: 0, max: 0xffff_ffff });
const fingerprints = fc
  .tuple(
    halves,
    halves.filter((low) => low > 0),
  )
  .map(([high, low]) => new Fingerprint(high, low));

export const heartbeats: fc.Arbitrary<Heartbeat> = fc.record(
  {
    ...envelope,
    sentAt: times,
    digest: digests,
    fingerprint: fingerprints,
    buckets: fc.array(fingerprints, { minLength: BUCKETS, maxLength: BUCKETS }),
  },
  { requiredKeys: ['source', 'mesh', 'sentAt', 'digest'] },
);

export const diffs: fc.Arbitrary<Diff> = fc.record(
  {
    ...envelope,
    delta: deltas,
    digest: digests,
    pushOnly: fc.boolean(),
    fingerprint: fingerprints,
    inSync: fc.constant<true>(true),
    scope: halves.filter((scope) => scope > 0),
  },
  { requiredKeys: ['source', 'mesh', 'delta', 'digest', 'pushOnly'] },
);

const probes: fc.Arbitrary<Probe> = fc.record({ ...envelope, target: nodeIds });

const probeAnswers: fc.Arbitrary<ProbeAnswer> = fc.record({ ...envelope, reached: fc.boolean() });

export const deltaAnswers: fc.Arbitrary<DeltaAnswer> = fc.record({ ...envelope, delta: deltas });

/** Both clocks: the monotonic one with fractions of a millisecond, the wall clock anywhere. */
export const instants: fc.Arbitrary<Now> = fc.record({
  monotonic: fc.double({ min: 0, max: 1e12, noNaN: true }).map(millis),
  wall: fc.oneof(times, fc.integer({ min: -1_000_000, max: 0 }).map(unixMillis)),
});

const numbers = { call: fc.maxSafeNat(), exchange: fc.maxSafeNat() };

/** Everything that can happen to a node, by its kind, so that the compiler misses the one that is missing. */
const inputsByKind: { readonly [Kind in Input['kind']]: fc.Arbitrary<Extract<Input, { kind: Kind }>> } = {
  start: fc.constant({ kind: 'start' }),
  wake: fc.constant({ kind: 'wake' }),
  heartbeatReceived: fc.record({
    kind: fc.constant('heartbeatReceived'),
    call: numbers.call,
    message: heartbeats,
  }),
  diffReceived: fc.record({ kind: fc.constant('diffReceived'), call: numbers.call, message: diffs }),
  heartbeatAnswered: fc.record({ kind: fc.constant('heartbeatAnswered'), exchange: numbers.exchange, message: diffs }),
  diffAnswered: fc.record({ kind: fc.constant('diffAnswered'), exchange: numbers.exchange, message: deltaAnswers }),
  probeReceived: fc.record({ kind: fc.constant('probeReceived'), call: numbers.call, message: probes }),
  probeAnswered: fc.record({
    kind: fc.constant('probeAnswered'),
    exchange: numbers.exchange,
    message: probeAnswers,
  }),
  exchangeFailed: fc.record({
    kind: fc.constant('exchangeFailed'),
    exchange: numbers.exchange,
    reason: fc.constantFrom('unreachable', 'timeout', 'refused', 'bad_answer'),
  }),
  resolved: fc.record({
    kind: fc.constant('resolved'),
    target: fc.oneof(addresses, fc.string({ unit: 'binary' })),
    addresses: fc.array(addresses, { maxLength: 4 }),
  }),
  metadataChanged: fc.record({ kind: fc.constant('metadataChanged'), metadata: fc.uint8Array({ maxLength: 300 }) }),
  join: fc.record({
    kind: fc.constant('join'),
    targets: fc.array(
      fc.record({ target: fc.string({ unit: 'binary' }), origin: fc.constantFrom('configured', 'snapshot') }),
      { maxLength: 3 },
    ),
  }),
  forget: fc.record({ kind: fc.constant('forget'), id: nodeIds }),
  leave: fc.constant({ kind: 'leave' }),
};

export const inputs: fc.Arbitrary<Input> = fc.oneof(...Object.values(inputsByKind));
