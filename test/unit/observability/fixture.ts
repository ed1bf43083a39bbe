import { millis, nodeId, type Version } from '../../../src/base/brands.ts';
import type { GossipEvent } from '../../../src/gossip/event.ts';

type EventOf<Kind extends GossipEvent['kind']> = Extract<GossipEvent, { kind: Kind }>;

const version = 7 as Version;
const peer = nodeId('prod-us');

/** One event of each kind. */
export const EVENTS: { readonly [Kind in GossipEvent['kind']]: EventOf<Kind> } = {
  memberChanged: {
    kind: 'memberChanged',
    id: peer,
    address: '10.0.0.2:7946',
    from: 'HEALTHY',
    to: 'SUSPECTED_DEAD',
    left: false,
    version,
  },
  handshakeFinished: { kind: 'handshakeFinished', side: 'client', inSync: true, took: millis(20) },
  handshakeFailed: { kind: 'handshakeFailed', peer, address: '10.0.0.2:7946', reason: 'timeout' },
  probed: { kind: 'probed', id: peer, result: 'reached' },
  probeServed: { kind: 'probeServed', reached: false },
  reachabilityChanged: { kind: 'reachabilityChanged', id: peer, reachability: 'indirect' },
  newsPushed: { kind: 'newsPushed', peers: 3, records: 2 },
  forgotten: { kind: 'forgotten', id: peer },
  accused: { kind: 'accused', id: peer, state: 'SUSPECTED_DEAD', failures: 5 },
  refuted: { kind: 'refuted', version, of: 'SUSPECTED_DEAD' },
  isolated: { kind: 'isolated', cycles: 5 },
  reconnected: { kind: 'reconnected', after: 9 },
  lateCycle: { kind: 'lateCycle', late: millis(2_500) },
  duplicateId: { kind: 'duplicateId', id: nodeId('prod-eu'), ownAddress: 'a:1', otherAddress: 'b:2' },
  messageRefused: { kind: 'messageRefused', reason: 'wrong_mesh', source: peer, detail: 'mesh "other"' },
  recordRefused: { kind: 'recordRefused', reason: 'version_ahead', source: peer, id: nodeId('liar') },
  joined: { kind: 'joined', target: 'seed:7946', peer },
  joinFailed: { kind: 'joinFailed', target: 'seed:7946', attempts: 3 },
  leaving: { kind: 'leaving' },
};
