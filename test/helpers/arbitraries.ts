import * as fc from 'fast-check';
import { MAX_ID_BYTES, type NodeId, nodeId, type UnixMillis, unixMillis, type Version } from '../../src/base/brands.ts';
import type { NodeMetadata } from '../../src/base/metadata.ts';
import type { DeltaAnswer, Diff, Heartbeat } from '../../src/gossip/messages.ts';
import type { Delta } from '../../src/store/delta.ts';
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
export const versions: fc.Arbitrary<Version> = fc
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
export const addresses: fc.Arbitrary<string> = fc
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
export const claims: fc.Arbitrary<Claim> = fc
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

export const digests: fc.Arbitrary<Digest> = fc
  .array(
    fc.tuple(
      nodeIds,
      fc.tuple(claims, times).map(([claim, lastSeen]) => new DigestEntry(claim, lastSeen)),
    ),
    { maxLength: 12 },
  )
  .map((entries) => new Map(entries));

/** Deltas with each member at most once. */
export const deltas: fc.Arbitrary<Delta> = fc.uniqueArray(records, { maxLength: 8, selector: (record) => record.id });

const envelope = { source: nodeIds, mesh: fc.stringMatching(/^[ -~]{0,63}$/) };

export const heartbeats: fc.Arbitrary<Heartbeat> = fc.record({ ...envelope, sentAt: times, digest: digests });

export const diffs: fc.Arbitrary<Diff> = fc.record({
  ...envelope,
  delta: deltas,
  digest: digests,
  pushOnly: fc.boolean(),
});

export const deltaAnswers: fc.Arbitrary<DeltaAnswer> = fc.record({ ...envelope, delta: deltas });
