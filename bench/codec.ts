import { nodeId, unixMillis } from '../src/base/brands.ts';
import { decodeDiffRequest, decodeHeartbeatRequest } from '../src/wire/decode.ts';
import { encodeDiffRequest, encodeHeartbeatRequest } from '../src/wire/encode.ts';
import type { Bench } from './harness/bench.ts';
import { type Contestant, compare } from './harness/compare.ts';
import { loadedMethod, typeOf } from './harness/contract.ts';
import { cpuCost } from './harness/cpu-cost.ts';
import { digestOf, members } from './harness/members.ts';

const ENTRIES = 1_000;

/** A digest of a thousand entries and a delta of as many records, written and read: our codec, protobufjs' own of the contract, and proto-loader's objects. */
export const codec: Bench = async ({ runs }) => {
  const envelope = { source: nodeId('cluster-0000'), mesh: 'default' };
  const records = members(ENTRIES);
  const heartbeat = { ...envelope, sentAt: unixMillis(Date.UTC(2026, 10, 21)), digest: digestOf(records) };
  const diff = { ...envelope, delta: records, digest: new Map(), pushOnly: true };
  return compare(
    [
      ...contestants(
        'digest',
        { method: 'SendHeartbeat', type: 'GossipHeartbeatRequest' },
        () => encodeHeartbeatRequest(heartbeat),
        decodeHeartbeatRequest,
      ),
      ...contestants(
        'delta',
        { method: 'SendDiff', type: 'GossipDiffRequest' },
        () => encodeDiffRequest(diff),
        decodeDiffRequest,
      ),
    ],
    runs,
  );
};

function contestants(
  of: string,
  { method, type }: { readonly method: string; readonly type: string },
  encode: () => Buffer,
  decode: (bytes: Buffer) => unknown,
): Contestant[] {
  const bytes = encode();
  const plain = typeOf(type);
  const read = plain.decode(bytes);
  const loader = loadedMethod(method);
  const object = loader.requestDeserialize(bytes);
  const contestant = (what: string, work: () => unknown, against?: string): Contestant => ({
    what: `${of}: ${what}`,
    unit: 'CPU µs',
    ...(against === undefined ? {} : { against: `${of}: ${against}` }),
    measure: async () => cpuCost(work),
  });
  return [
    contestant('encode, ours', encode, 'encode, proto-loader'),
    contestant('encode, protobufjs', () => plain.encode(read).finish(), 'encode, proto-loader'),
    contestant('encode, proto-loader', () => loader.requestSerialize(object)),
    contestant('decode and check, ours', () => decode(bytes), 'decode, proto-loader'),
    contestant('decode, protobufjs', () => plain.decode(bytes), 'decode, proto-loader'),
    contestant('decode, proto-loader', () => loader.requestDeserialize(bytes)),
  ];
}
