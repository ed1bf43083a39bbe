import { nodeId, unixMillis } from '../src/base/brands.ts';
import { decodeHeartbeatRequest } from '../src/wire/decode.ts';
import { encodeHeartbeatRequest } from '../src/wire/encode.ts';
import type { Bench } from './harness/bench.ts';
import { type Contestant, compare } from './harness/compare.ts';
import { loadedMethod, typeOf } from './harness/contract.ts';
import { cpuCost } from './harness/cpu-cost.ts';
import { digestOf, members } from './harness/members.ts';

const ENTRIES = 1_000;

/** A digest of a thousand entries, written and read: our codec, protobufjs' own of the contract, and proto-loader's objects. */
export const codec: Bench = async ({ runs }) => {
  const message = {
    source: nodeId('cluster-0000'),
    mesh: 'default',
    sentAt: unixMillis(Date.UTC(2026, 10, 21)),
    digest: digestOf(members(ENTRIES)),
  };
  const bytes = encodeHeartbeatRequest(message);
  const type = typeOf('GossipHeartbeatRequest');
  const read = type.decode(bytes);
  const loader = loadedMethod('SendHeartbeat');
  const object = loader.requestDeserialize(bytes);
  const unit = 'CPU µs';
  const contestant = (what: string, work: () => unknown, against?: string): Contestant => ({
    what,
    unit,
    ...(against === undefined ? {} : { against }),
    measure: async () => cpuCost(work),
  });
  return compare(
    [
      contestant('encode, ours', () => encodeHeartbeatRequest(message), 'encode, proto-loader'),
      contestant('encode, protobufjs', () => type.encode(read).finish(), 'encode, proto-loader'),
      contestant('encode, proto-loader', () => loader.requestSerialize(object)),
      contestant('decode and check, ours', () => decodeHeartbeatRequest(bytes), 'decode, proto-loader'),
      contestant('decode, protobufjs', () => type.decode(bytes), 'decode, proto-loader'),
      contestant('decode, proto-loader', () => loader.requestDeserialize(bytes)),
    ],
    runs,
  );
};
