import { FailureDetector } from '../../src/gossip/failure-detector.ts';
import { Membership } from '../../src/gossip/membership.ts';
import { Prober } from '../../src/gossip/prober.ts';
import { both, replaced, type Sabotage } from './sabotage.ts';

/** Who is taken for dead, and when. */
export const DETECTION: readonly Sabotage[] = [
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
    name: 'one-strike',
    what: 'a single failure counts like ten, and nobody else is asked',
    expected: 'accuracy',
    apply: () =>
      both(
        nobodyIsAsked(),
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
      ),
  },
  {
    name: 'late-cycles-count',
    what: 'after a late cycle a failure counts at once for all the cycles that were missed, and nobody else is asked',
    expected: 'accuracy',
    // In a small mesh everybody who was called in vain has called meanwhile, and is acquitted.
    among: { least: 12, most: 24, only: 'doze' },
    apply: () => both(nobodyIsAsked(), lateCyclesCount()),
  },
  {
    name: 'lying-helpers',
    what: 'whoever is asked whether it reaches a member says yes',
    expected: 'completeness',
    apply: () =>
      replaced(
        Prober.prototype,
        'looked',
        (looked) =>
          function (this: Prober, target) {
            looked.call(this, target, true);
          },
      ),
  },
];

/** Without it the check from elsewhere acquits whom these sabotages accuse. */
function nobodyIsAsked(): () => void {
  return replaced(Prober.prototype, 'check', () => (peer, cycle, startedAt) => ({
    peer,
    cycle,
    startedAt,
    pending: 0,
    failed: false,
    reached: false,
  }));
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
          const cycles = missed.get(this);
          missed.delete(this);
          if (cycles === undefined || peer.pending === before) return;
          peer.pending += cycles;
          // At once, as whoever owed an answer is called again and acquitted by that.
          this.settle();
        },
    ),
  );
}
