import { Handshakes } from '../../src/gossip/handshakes.ts';
import { Joiner } from '../../src/gossip/joiner.ts';
import { ShuffledWalk } from '../../src/gossip/walk.ts';
import { type Delta, DeltaBuilder } from '../../src/store/delta.ts';
import { FingerprintIndex } from '../../src/store/fingerprint-index.ts';
import type { MemberRecord } from '../../src/store/record.ts';
import { both, replaced, type Sabotage } from './sabotage.ts';

/** What nodes tell each other, how much of it, and whom. */
export const EXCHANGE: readonly Sabotage[] = [
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
    // A cycle may contact ten, and two may fall into one interval.
    among: { least: 24, most: 30 },
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
    name: 'stale-fingerprint',
    what: 'the fingerprint is not brought up to date when a member gets a new version',
    expected: 'agreement',
    apply: () =>
      replaced(
        FingerprintIndex.prototype,
        'replace',
        (replace) =>
          function (this: FingerprintIndex, before, after) {
            if (before === undefined || after === undefined) replace.call(this, before, after);
          },
      ),
  },
];

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
