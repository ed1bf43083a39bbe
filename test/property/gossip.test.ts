import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedules, violationsOf } from '../helpers/schedule.ts';

describe('whatever befalls a mesh', () => {
  it('its promises hold: monotony, authorship, no ghosts, and agreement once the faults are over', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(violationsOf(schedule)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
