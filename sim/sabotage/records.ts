import type { Version } from '../../src/base/brands.ts';
import { invariant } from '../../src/base/invariant.ts';
import { Membership } from '../../src/gossip/membership.ts';
import { OwnRecord } from '../../src/gossip/own-record.ts';
import { type Claim, MemberRecord, severity } from '../../src/store/record.ts';
import { RecordStore } from '../../src/store/record-store.ts';
import { both, replaced, type Sabotage } from './sabotage.ts';

/** What a record says, and which of two counts. */
export const RECORDS: readonly Sabotage[] = [
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
    name: 'no-tie-break',
    what: 'of two records of one version in one state the one that came first is held',
    expected: 'agreement',
    // Who lives speaks again as soon as it hears of the other: both have to be gone by then.
    among: { least: 4, most: 10, only: 'rivals' },
    apply: () =>
      replaced(
        Membership.prototype,
        'learn',
        (learn) =>
          function (this: Membership, record, ...rest) {
            const held = this.store.get(record.id);
            const isTied = held?.version === record.version && severity(held) === severity(record);
            return isTied ? 'ignored' : learn.call(this, record, ...rest);
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
];

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

function claimOf({ version, state, left, address }: Claim): Claim {
  return { version, state, left, address };
}
