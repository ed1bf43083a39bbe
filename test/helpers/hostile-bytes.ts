import { randomBytes } from 'node:crypto';
import protobuf from 'protobufjs';
import { encodeMetadata } from '../../src/wire/metadata.ts';

const HEALTHY = 1;
const METADATA = Buffer.from(encodeMetadata({ apiEndpoint: '', apiPort: 443, labels: {} }));
const DAY_MS = 24 * 3_600_000;

interface Entry {
  readonly version: unknown;
  readonly address: string;
  readonly peerState: number;
}

/** Messages for the gossip port, good and bad, written with a general encoder: Muster's own can not write most of them. */
export class HostileBytes {
  readonly #root: protobuf.Root;
  readonly #mesh: string;

  private constructor(root: protobuf.Root, mesh: string) {
    this.#root = root;
    this.#mesh = mesh;
  }

  /** @param mesh the mesh that the messages belong to, where nothing else is said */
  static async load(mesh: string): Promise<HostileBytes> {
    return new HostileBytes(await protobuf.load('proto/gossip.proto'), mesh);
  }

  /** A heartbeat with an empty digest. */
  heartbeat(envelope: { readonly srcId?: string; readonly mesh?: string } = {}): Buffer {
    return this.#heartbeat({ srcId: 'stranger', mesh: this.#mesh, ...envelope }, {});
  }

  withoutEnvelope(): Buffer {
    return this.#write('GossipHeartbeatRequest', { heartbeatMessage: { versionMapDigest: {} } });
  }

  /** A tag, and then nothing of what it promises. */
  malformed(): Buffer {
    return Buffer.concat([this.heartbeat(), Buffer.from([0x12, 0xff, 0xff, 0x03])]);
  }

  /** Bytes that no protocol begins with. */
  noise(): Buffer {
    return Buffer.concat([Buffer.from([0x00]), randomBytes(255)]);
  }

  /** A heartbeat whose digest has so many members. */
  crowd(members: number): Buffer {
    const digest = Array.from({ length: members }, (_, index) => [`m${index}`, entry({ low: 1, high: 0 })] as const);
    return this.#heartbeat({ srcId: 'stranger', mesh: this.#mesh }, Object.fromEntries(digest));
  }

  /** A diff that brings one record of version 2^64 − 1. */
  largestVersion(): Buffer {
    return this.#diff('endless', entry({ low: -1, high: -1, unsigned: true }));
  }

  /** A diff that brings one record whose version is two days ahead. */
  versionAhead(): Buffer {
    return this.#diff('ahead', entry(Date.now() + 2 * DAY_MS));
  }

  /** A diff that brings one record with an id of so many bytes. */
  recordWithLongId(bytes: number): Buffer {
    return this.#diff('i'.repeat(bytes), entry({ low: 1, high: 0 }));
  }

  /** A good heartbeat, made so many bytes long by a field that is ignored. */
  padded(bytes: number): Buffer {
    const envelope = { srcId: 'stranger', mesh: this.#mesh };
    return this.#write('GossipHeartbeatRequest', { envelope, heartbeatMessage: {}, hash: 'h'.repeat(bytes) });
  }

  #heartbeat(envelope: object, versionMapDigest: object): Buffer {
    return this.#write('GossipHeartbeatRequest', { envelope, heartbeatMessage: { versionMapDigest } });
  }

  #diff(id: string, digestEntry: Entry): Buffer {
    const gossipDiffMessage = { stateDelta: { [id]: { digestEntry, data: METADATA } }, pushOnly: true };
    return this.#write('GossipDiffRequest', { envelope: { srcId: 'stranger', mesh: this.#mesh }, gossipDiffMessage });
  }

  #write(type: string, message: object): Buffer {
    return Buffer.from(this.#root.lookupType(`muster.gossip.v1alpha1.${type}`).encode(message).finish());
  }
}

function entry(version: unknown): Entry {
  return { version, address: '127.0.0.1:1', peerState: HEALTHY };
}
