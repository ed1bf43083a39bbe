import type { NodeId } from '../base/brands.ts';
import { type Scope, WHOLE } from './fingerprint.ts';
import type { Digest, DigestEntry, MemberRecord } from './record.ts';
import type { RecordStore } from './record-store.ts';

/**
 * The digest that goes to a peer: every live record, and the tombstone of that very peer if there is one, because whoever
 * speaks with a member tells it what is held of it (protocol, section 4). No other tombstone: the dead cost nothing.
 *
 * @param peer whom the digest is for; undefined when it is not known who will answer
 * @param entry what the digest says of a record
 * @param unspoken members that are not spoken of to anybody
 * @param scope the buckets that the digest is about
 */
export function digestFor(
  store: RecordStore,
  peer: NodeId | undefined,
  entry: (record: MemberRecord) => DigestEntry,
  unspoken: (id: NodeId) => boolean,
  scope: Scope = WHOLE,
): Digest {
  const digest = new Map<NodeId, DigestEntry>();
  for (const [id, record] of store.live) {
    if (id === peer || (record.isWithin(scope) && !unspoken(id))) digest.set(id, entry(record));
  }
  const buried = peer === undefined ? undefined : store.tombstones.get(peer);
  if (peer !== undefined && buried !== undefined) digest.set(peer, entry(buried.record));
  return digest;
}
