import * as fc from 'fast-check';
import { type NodeId, nodeId, unixMillis, type Version } from '../../src/base/brands.ts';
import { type Digest, DigestEntry, MemberRecord, PEER_STATES, type PeerState } from '../../src/store/record.ts';
import { RecordStore } from '../../src/store/record-store.ts';

/** What a record says where a test does not care. */
export interface RecordOptions {
  readonly id?: string;
  readonly version?: number;
  readonly state?: PeerState;
  readonly left?: boolean;
  readonly address?: string;
  readonly metadata?: string;
}

/** A record with a default for everything: a healthy member `m` at version 1. */
export function recordOf(options: RecordOptions = {}): MemberRecord {
  const { id = 'm', version = 1, state = 'HEALTHY', left = false, address = `${id}:1`, metadata = id } = options;
  const claim = { version: version as Version, state, left, address };
  return new MemberRecord(nodeId(id), claim, new TextEncoder().encode(metadata));
}

/** The digest that names exactly these records. */
export function digestOf(records: Iterable<MemberRecord>): Digest {
  return new Map([...records].map((record) => [record.id, new DigestEntry(record, unixMillis(0))]));
}

/** A store that has merged these records. */
export function storeOf(records: Iterable<MemberRecord>, maxTombstones = 100): RecordStore {
  const store = new RecordStore(maxTombstones);
  for (const record of records) store.merge(record);
  return store;
}

/** What a store holds, in a form that compares: each live record and each tombstone by its id. */
export function contentsOf(store: RecordStore): unknown {
  const live = [...store.live.values()].map((record) => textOf(record));
  const buried = [...store.tombstones.values()].map(({ record }) => textOf(record));
  return { live: live.toSorted(), buried: buried.toSorted() };
}

/** A record as one line of text. */
export function textOf({ id, version, state, left, address, metadata }: MemberRecord): string {
  return [id, version, state, left ? 'left' : '', address, Buffer.from(metadata).toString('hex')].join(' ');
}

const fewIds: fc.Arbitrary<NodeId> = fc.constantFrom('a', 'b', 'c', 'd').map(nodeId);

/** Records that meet often: few ids, few versions, few contents. */
export const collidingRecords: fc.Arbitrary<MemberRecord> = fc
  .record({
    id: fewIds,
    version: fc.integer({ min: 1, max: 3 }),
    state: fc.constantFrom(...PEER_STATES),
    left: fc.boolean(),
    address: fc.constantFrom('a:1', 'a:2', 'b:1'),
    metadata: fc.constantFrom('', 'x', 'xy', 'y'),
  })
  .map((options) => recordOf({ ...options, left: options.left && options.state === 'DEAD' }));
