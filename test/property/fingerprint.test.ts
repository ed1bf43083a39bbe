import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis, nodeId, unixMillis } from '../../src/base/brands.ts';
import { seededRandom } from '../../src/base/random.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../../src/gossip/config.ts';
import { Context } from '../../src/gossip/context.ts';
import { Membership } from '../../src/gossip/membership.ts';
import { digestFor } from '../../src/store/digest.ts';
import { FingerprintIndex } from '../../src/store/fingerprint-index.ts';
import { type Digest, DigestEntry, type MemberRecord, PEER_STATES } from '../../src/store/record.ts';
import { collidingRecords, contentsOf, recordOf, storeOf } from '../helpers/records.ts';

const nobody = (): boolean => false;

function indexOf(records: Iterable<MemberRecord>): FingerprintIndex {
  const index = new FingerprintIndex();
  for (const record of records) index.replace(undefined, record);
  return index;
}

/** Equal texts mean equal digests: what is told of each member, without when it was seen. */
function claimsOf(digest: Digest): readonly string[] {
  return [...digest]
    .map(([id, { version, state, left, address }]) => [id, version, state, left, address].join(' '))
    .toSorted();
}

const live = fc.uniqueArray(collidingRecords, { selector: ({ id }) => id, maxLength: 4 });

/** What can happen to a member's record or to what a node says of it. */
const happenings = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('learn' as const), record: collidingRecords }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('doubt' as const),
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        state: fc.constantFrom('SUSPECTED_DEAD', 'DEAD', undefined),
      }),
    },
    fc.record({
      kind: fc.constantFrom('accuse', 'retire', 'forgetDead'),
      id: fc.constantFrom('a', 'b', 'c', 'd'),
    }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 6_000, 25 * 3_600_000) }),
  ),
  { maxLength: 30 },
);

type Happening = typeof happenings extends fc.Arbitrary<readonly (infer One)[]> ? One : never;

function happen(membership: Membership, context: Context, happening: Happening): void {
  if (happening.kind === 'wait') {
    const { monotonic, wall } = context.now;
    context.now = { monotonic: millis(monotonic + happening.ms), wall: unixMillis(wall + happening.ms) };
    membership.expire();
    return;
  }
  if (happening.kind === 'learn') {
    membership.learn(happening.record, nodeId('d'), true);
    return;
  }
  const id = nodeId(happening.id);
  const peer = membership.peers.get(id);
  if (happening.kind === 'doubt') {
    if (peer !== undefined) membership.setIsolationVerdict(peer, happening.state);
  } else if (happening.kind === 'accuse') {
    if (membership.store.live.has(id)) membership.accuse(id, 'DEAD');
  } else if (happening.kind === 'retire') {
    membership.retire(id, peer?.deadSince ?? peer?.isolationVerdict?.since ?? millis(0));
  } else {
    membership.forgetDead(id);
  }
}

describe('the fingerprint of what a node holds', () => {
  it('is the one computed from scratch, whatever has happened to it', () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const context = new Context(nodeId('self'), DEFAULT_GOSSIP_CONFIG, seededRandom(1));
        const membership = new Membership(context, () => {});
        for (const happening of all) {
          happen(membership, context, happening);
          const spoken = [...membership.store.live.values()].filter(({ id }) => !membership.unspoken(id));
          const scratch = indexOf(spoken);
          expect(membership.fingerprints.whole).toEqual(scratch.whole);
          expect(membership.fingerprints.difference(scratch.buckets)).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order in which it came to it', () => {
    const shuffledTwice = live.chain((records) =>
      fc.tuple(
        fc.shuffledSubarray(records, { minLength: records.length }),
        fc.shuffledSubarray(records, { minLength: records.length }),
      ),
    );
    fc.assert(
      fc.property(shuffledTwice, ([one, other]) => {
        expect(indexOf(one).whole).toEqual(indexOf(other).whole);
        expect(indexOf(one).buckets).toEqual(indexOf(other).buckets);
      }),
    );
  });

  it('equals that of another node exactly when their digests are equal', () => {
    fc.assert(
      fc.property(live, live, (ours, theirs) => {
        const digests = [ours, theirs].map((records) =>
          digestFor(storeOf(records), undefined, (record) => new DigestEntry(record, unixMillis(0)), nobody),
        );
        const [one, other] = digests.map((digest) => claimsOf(digest).join('\n'));
        expect(indexOf(ours).whole.equals(indexOf(theirs).whole)).toBe(one === other);
        expect(indexOf(ours).difference(indexOf(theirs).buckets) === 0).toBe(one === other);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds exactly the buckets in which they differ', () => {
    const many = fc.uniqueArray(
      fc.record({ id: fc.nat({ max: 200 }).map((index) => `m${index}`), state: fc.constantFrom(...PEER_STATES) }),
      { selector: ({ id }) => id, maxLength: 60 },
    );
    fc.assert(
      fc.property(many, many, (ours, theirs) => {
        const [one, other] = [ours, theirs].map((all) => all.map((options) => recordOf(options)));
        const scope = indexOf(one ?? []).difference(indexOf(other ?? []).buckets);
        for (let bucket = 0; bucket < 32; bucket += 1) {
          const [mine, yours] = [one ?? [], other ?? []].map((records) =>
            contentsOf(storeOf(records.filter((record) => record.bucket === bucket))),
          );
          const named = ((scope >>> bucket) & 1) === 1;
          expect(named, `bucket ${bucket}`).toBe(JSON.stringify(mine) !== JSON.stringify(yours));
        }
      }),
    );
  });
});
