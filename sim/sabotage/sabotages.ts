import type { Version } from '../../src/base/brands.ts';
import { invariant } from '../../src/base/invariant.ts';
import { FailureDetector } from '../../src/gossip/failure-detector.ts';
import { Handshakes } from '../../src/gossip/handshakes.ts';
import { Joiner } from '../../src/gossip/joiner.ts';
import { Membership } from '../../src/gossip/membership.ts';
import { OwnRecord } from '../../src/gossip/own-record.ts';
import { ShuffledWalk } from '../../src/gossip/walk.ts';
import { type Delta, DeltaBuilder } from '../../src/store/delta.ts';
import { type Claim, MemberRecord, severity } from '../../src/store/record.ts';
import { RecordStore } from '../../src/store/record-store.ts';
import { replaced, type Sabotage } from './sabotage.ts';

/** One broken rule each. */
export const SABOTAGES: readonly Sabotage[] = [
  {
    name: 'no-refutation',
    what: 'a member does not answer what others say of it',
    expected: 'accuracy',
    apply: () => replaced(OwnRecord.prototype, 'hear', () => () => undefined),
  },
  {
    name: 'hearsay-kills',
    what: 'a death is believed at its first mention, without a suspicion before',
    expected: 'accuracy',
    apply: () =>
      replaced(
        Membership.prototype,
        'learn',
        (learn) =>
          function (this: Membership, record, ...rest) {
            const held = this.store.live.get(record.id);
            if (record.state !== 'DEAD' || record.left || held === undefined || held.state === 'DEAD') {
              return learn.call(this, record, ...rest);
            }
            if (record.version < held.version) return 'ignored';
            learn.call(this, record, ...rest);
            this.accuse(record.id, 'DEAD');
            return 'merged';
          },
      ),
  },
  {
    name: 'no-tombstones',
    what: 'a member that has left the memberlist is forgotten',
    expected: 'no ghosts',
    apply: () =>
      replaced(
        RecordStore.prototype,
        'bury',
        (bury) =>
          function (this: RecordStore, id, now) {
            bury.call(this, id, now);
            this.forget(id);
          },
      ),
  },
  {
    name: 'version-from-zero',
    what: 'each life counts its versions from zero and gives way to no former life',
    expected: 'agreement',
    apply: versionFromZero,
  },
  {
    name: 'isolated-accusers',
    what: 'a node that hears nobody makes its verdicts public',
    expected: 'accuracy',
    apply: () =>
      replaced(
        Membership.prototype,
        'setIsolationVerdict',
        (set) =>
          function (this: Membership, peer, state) {
            if (state === undefined) set.call(this, peer, state);
            else this.accuse(peer.id, state);
          },
      ),
  },
  {
    name: 'foreign-hand',
    what: 'an accuser raises the version of the accused',
    expected: 'authorship',
    apply: () =>
      replaced(
        Membership.prototype,
        'accuse',
        () =>
          function (this: Membership, id, state) {
            const record = this.store.live.get(id);
            if (record === undefined) return;
            const claim: Claim = { version: next(record.version), state, left: false, address: record.address };
            this.learn(new MemberRecord(id, claim, record.metadata), id, true);
          },
      ),
  },
  {
    name: 'stale-metadata',
    what: 'a newer version is taken in with the metadata of the older one',
    expected: 'authorship',
    apply: () =>
      replaced(
        Membership.prototype,
        'learn',
        (learn) =>
          function (this: Membership, record, ...rest) {
            const held = this.store.live.get(record.id);
            return learn.call(
              this,
              held === undefined ? record : new MemberRecord(record.id, record, held.metadata),
              ...rest,
            );
          },
      ),
  },
  {
    name: 'last-word-wins',
    what: 'at one version the state that came last is held, not the graver one',
    expected: 'monotony',
    apply: () =>
      replaced(
        Membership.prototype,
        'learn',
        (learn) =>
          function (this: Membership, record, ...rest) {
            const held = this.store.live.get(record.id);
            const milder = held !== undefined && held.version === record.version && severity(record) < severity(held);
            if (milder) this.store.forget(record.id);
            return learn.call(this, record, ...rest);
          },
      ),
  },
  {
    name: 'no-order',
    what: 'a record is taken in whatever is held already',
    expected: 'monotony',
    apply: () =>
      replaced(
        Membership.prototype,
        'learn',
        (learn) =>
          function (this: Membership, record, ...rest) {
            const held = this.store.live.get(record.id);
            if (held !== undefined && held !== record && record.version < held.version) this.store.forget(record.id);
            return learn.call(this, record, ...rest);
          },
      ),
  },
  {
    name: 'starving-delta',
    what: 'what did not fit a delta once is never sent again',
    expected: 'agreement',
    apply: starvingDelta,
  },
  {
    name: 'no-budget',
    what: 'a delta takes all there is',
    expected: 'bounds',
    apply: () => {
      const taken = new WeakMap<DeltaBuilder, MemberRecord[]>();
      return both(
        replaced(
          DeltaBuilder.prototype,
          'add',
          () =>
            function (this: DeltaBuilder, record) {
              taken.set(this, [...(taken.get(this) ?? []), record]);
              return true;
            },
        ),
        replaced(
          DeltaBuilder.prototype,
          'build',
          () =>
            function (this: DeltaBuilder): Delta {
              return taken.get(this) ?? [];
            },
        ),
      );
    },
  },
  {
    name: 'greedy-walk',
    what: 'a cycle contacts ten times as many random peers as it should',
    expected: 'bounds',
    apply: () =>
      replaced(
        ShuffledWalk.prototype,
        'draw',
        (draw) =>
          function (this: ShuffledWalk, count) {
            return draw.call(this, 10 * count);
          },
      ),
  },
  {
    name: 'nobody-followed',
    what: 'a peer that has failed waits for its random turn',
    expected: 'completeness',
    apply: () => replaced(FailureDetector.prototype, 'followed', () => () => []),
  },
  {
    name: 'leave-not-believed',
    what: 'a goodbye is not taken in; the member has to be found dead',
    expected: 'completeness',
    apply: () =>
      replaced(
        Membership.prototype,
        'learn',
        (learn) =>
          function (this: Membership, record, ...rest) {
            return record.left ? 'ignored' : learn.call(this, record, ...rest);
          },
      ),
  },
  {
    name: 'no-second-chance',
    what: 'the dead, and bootstrap addresses in company, are never tried again',
    expected: 'agreement',
    apply: () =>
      both(
        replaced(
          Handshakes.prototype,
          'contact',
          (contact) =>
            function (this: Handshakes, id, purpose, connection) {
              if (purpose.kind !== 'reconnect') contact.call(this, id, purpose, connection);
            },
        ),
        replaced(Joiner.prototype, 'due', () => () => []),
      ),
  },
  {
    name: 'one-strike',
    what: 'a single failure counts like ten',
    expected: 'accuracy',
    apply: () =>
      replaced(
        FailureDetector.prototype,
        'failed',
        (failed) =>
          function (this: FailureDetector, peer, cycle, startedAt) {
            const before = peer.pending;
            failed.call(this, peer, cycle, startedAt);
            if (peer.pending > before) peer.pending += 9;
          },
      ),
  },
  {
    name: 'late-cycles-count',
    what: 'after a late cycle each failure counts for all the cycles that were missed',
    expected: 'accuracy',
    // In a small mesh everybody who was called in vain has called meanwhile, and is acquitted.
    among: { least: 12, most: 24, only: 'doze' },
    apply: lateCyclesCount,
  },
];

function both(one: () => void, other: () => void): () => void {
  return () => {
    one();
    other();
  };
}

function next(version: Version): Version {
  return (version + 1) as Version;
}

function versionFromZero(): () => void {
  const truth = Object.getOwnPropertyDescriptor(OwnRecord.prototype, 'record');
  invariant(truth?.get !== undefined, 'the own record has no getter any more');
  const bases = new WeakMap<OwnRecord, number>();
  const shifted = new WeakMap<MemberRecord, MemberRecord>();
  const record = (own: OwnRecord): MemberRecord => {
    const real: MemberRecord = truth.get?.call(own);
    const base = bases.get(own) ?? real.version;
    bases.set(own, base);
    const known = shifted.get(real);
    if (known !== undefined) return known;
    const fake = new MemberRecord(
      real.id,
      { ...claimOf(real), version: (real.version - base) as Version },
      real.metadata,
    );
    shifted.set(real, fake);
    return fake;
  };
  Object.defineProperty(OwnRecord.prototype, 'record', {
    ...truth,
    get(this: OwnRecord) {
      return record(this);
    },
  });
  const undo = both(
    replaced(
      OwnRecord.prototype,
      'speak',
      (speak) =>
        function (this: OwnRecord, news) {
          speak.call(this, news);
          return this.record;
        },
    ),
    replaced(
      OwnRecord.prototype,
      'hear',
      (hear) =>
        function (this: OwnRecord, claim, source, metadata) {
          if (claim.version > this.record.version) return undefined;
          const version = (claim.version + (bases.get(this) ?? 0)) as Version;
          return hear.call(this, { ...claimOf(claim), version }, source, metadata) === undefined
            ? undefined
            : this.record;
        },
    ),
  );
  return both(undo, () => {
    Object.defineProperty(OwnRecord.prototype, 'record', truth);
  });
}

function starvingDelta(): () => void {
  const dropped = new WeakSet<MemberRecord>();
  return replaced(
    DeltaBuilder.prototype,
    'add',
    (add) =>
      function (this: DeltaBuilder, record) {
        if (dropped.has(record)) return true;
        const fits = add.call(this, record);
        if (!fits) dropped.add(record);
        return fits;
      },
  );
}

/** As if each cycle of the pause had tried, and failed to reach, whoever was being called when the process stopped. */
function lateCyclesCount(): () => void {
  const missed = new WeakMap<FailureDetector, number>();
  return both(
    replaced(
      FailureDetector.prototype,
      'discard',
      () =>
        function (this: FailureDetector) {
          missed.set(this, 12);
        },
    ),
    replaced(
      FailureDetector.prototype,
      'failed',
      (failed) =>
        function (this: FailureDetector, peer, cycle, startedAt) {
          const before = peer.pending;
          failed.call(this, peer, cycle, startedAt);
          if (peer.pending > before) peer.pending += missed.get(this) ?? 0;
          missed.delete(this);
        },
    ),
  );
}

function claimOf({ version, state, left, address }: Claim): Claim {
  return { version, state, left, address };
}
