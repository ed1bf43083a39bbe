import { describe, expect, it } from 'vitest';
import { CHECKER_OF } from '../../../../sim/checkers/index.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

describe('every checker', () => {
  it('is listed under the invariant that it names when it throws', () => {
    for (const [invariant, make] of Object.entries(CHECKER_OF))
      expect(make(new Stage(1).world).invariant).toBe(invariant);
  });
});
