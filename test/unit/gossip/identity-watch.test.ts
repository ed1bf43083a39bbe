import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/base/brands.ts';
import { IdentityWatch } from '../../../src/gossip/identity-watch.ts';
import { recordOf } from '../../helpers/records.ts';

const OWN = 'own:1';
const twin = recordOf({ address: 'twin:1' });
const accusation = recordOf({ address: 'twin:1', state: 'SUSPECTED_DEAD' });

/** A watch for which the duplicate has been certain since 2,000 ms. */
function certain(): IdentityWatch {
  const watch = new IdentityWatch();
  for (const at of [0, 1_000, 2_000]) watch.round(twin, OWN, millis(at));
  return watch;
}

describe('IdentityWatch', () => {
  it('answers a former life and reports nothing', () => {
    const watch = new IdentityWatch();
    expect(watch.round(twin, OWN, millis(0))).toEqual({ answer: true, report: false });
    expect(watch.round(twin, OWN, millis(59_000))).toEqual({ answer: true, report: false });
    expect(watch.duplicates(millis(59_000))).toEqual([]);
  });

  it('is certain of a duplicate after three rounds in a minute', () => {
    const watch = new IdentityWatch();
    watch.round(twin, OWN, millis(0));
    watch.round(twin, OWN, millis(30_000));
    expect(watch.round(twin, OWN, millis(60_000))).toEqual({ answer: true, report: true });
    expect(watch.duplicates(millis(60_000))).toEqual(['twin:1']);
  });

  it('forgets rounds after a minute', () => {
    const watch = new IdentityWatch();
    for (const at of [0, 30_001, 60_001, 90_002]) {
      expect(watch.round(twin, OWN, millis(at)).report).toBe(false);
    }
  });

  it('answers a certain duplicate only every fifteen seconds, so that the mesh is not kept busy', () => {
    const watch = certain();
    expect(watch.round(twin, OWN, millis(16_999)).answer).toBe(false);
    expect(watch.round(twin, OWN, millis(17_000)).answer).toBe(true);
  });

  it('answers an accusation at once even then', () => {
    expect(certain().round(accusation, OWN, millis(2_001)).answer).toBe(true);
  });

  it('reports a duplicate once a minute while it lasts', () => {
    const watch = certain();
    const reports: number[] = [];
    for (let at = 17_000; at <= 200_000; at += 15_000) {
      if (watch.round(twin, OWN, millis(at)).report) reports.push(at);
    }
    expect(reports).toEqual([62_000, 122_000, 182_000]);
  });

  it('takes a duplicate for gone two minutes after its last sign', () => {
    const watch = certain();
    expect(watch.duplicates(millis(122_000))).toEqual(['twin:1']);
    expect(watch.duplicates(millis(122_001))).toEqual([]);
  });

  it("names the duplicate's address rather than the own one, which a stale record may carry", () => {
    const watch = certain();
    watch.round(recordOf({ address: OWN }), OWN, millis(17_000));
    expect(watch.duplicates(millis(17_000))).toEqual(['twin:1']);
  });
});
