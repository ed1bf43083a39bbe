import { millis, nodeId, unixMillis } from '../src/base/brands.ts';
import { seededRandom } from '../src/base/random.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../src/gossip/config.ts';
import { GossipCore } from '../src/gossip/core.ts';
import { FingerprintIndex } from '../src/store/fingerprint-index.ts';
import { RecordStore } from '../src/store/record-store.ts';
import type { Bench } from './harness/bench.ts';
import { type Contestant, compare } from './harness/compare.ts';
import { cpuCost } from './harness/cpu-cost.ts';
import { digestOf, members, renewed } from './harness/members.ts';

const SIZES = [10, 100, 1_000];
const TOMBSTONES = 10_000;
const START = Date.UTC(2026, 10, 22);

/** What a node does with its records: merging what comes, and answering a peer that holds the same. No message is written or read. */
export const store: Bench = async ({ runs }) =>
  compare(
    SIZES.flatMap((size) => [merging(size), mergingNews(size), fingerprinting(size), answering(size)]),
    runs,
  );

function merging(size: number): Contestant {
  const records = members(size);
  const held = new RecordStore(TOMBSTONES);
  for (const record of records) held.merge(record);
  const work = (): void => {
    for (const record of records) held.merge(record);
  };
  return { what: `merge, nothing new, ${size}`, unit: 'CPU µs', measure: async () => cpuCost(work) };
}

function mergingNews(size: number): Contestant {
  const held = new RecordStore(TOMBSTONES);
  let records = members(size);
  const work = (): void => {
    records = records.map((record) => renewed(record, 1));
    for (const record of records) held.merge(record);
  };
  return { what: `merge, all new, ${size}`, unit: 'CPU µs', measure: async () => cpuCost(work) };
}

/** What a change of one member costs the fingerprint of all, whatever their number. */
function fingerprinting(size: number): Contestant {
  const index = new FingerprintIndex();
  const records = [...members(size)];
  for (const record of records) index.replace(undefined, record);
  let turn = 0;
  const work = (): void => {
    const place = turn % size;
    const held = records[place];
    if (held === undefined) throw new Error('there is no member');
    const next = renewed(held, 1);
    index.replace(held, next);
    records[place] = next;
    turn += 1;
  };
  return { what: `fingerprint after one change, ${size}`, unit: 'CPU µs', measure: async () => cpuCost(work) };
}

/** A core that is told a whole digest, and has nothing to add. */
function answering(size: number): Contestant {
  const records = members(size);
  const now = { wall: unixMillis(START), monotonic: millis(0) };
  const identity = { id: nodeId('answerer'), address: '127.0.0.1:1', metadata: new Uint8Array([0x80]) };
  const core = new GossipCore({
    config: { ...DEFAULT_GOSSIP_CONFIG, mesh: 'bench' },
    identity,
    random: seededRandom(1),
    bootstrap: [],
    now,
  });
  core.handle({ kind: 'start' }, now);
  const [peer] = records;
  if (peer === undefined) throw new Error('there is no member');
  const envelope = { source: peer.id, mesh: 'bench' };
  const told = { ...envelope, delta: records, digest: new Map(), pushOnly: true };
  core.handle({ kind: 'diffReceived', call: 1, message: told }, now);
  const message = { ...envelope, sentAt: now.wall, digest: digestOf(records) };
  return {
    what: `answer a digest in sync, ${size}`,
    unit: 'CPU µs',
    measure: async () => cpuCost(() => core.handle({ kind: 'heartbeatReceived', call: 2, message }, now)),
  };
}
