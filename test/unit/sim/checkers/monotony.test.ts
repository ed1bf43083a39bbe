import { beforeEach, describe, expect, it } from 'vitest';
import type { Checker } from '../../../../sim/checkers/checker.ts';
import { monotony } from '../../../../sim/checkers/monotony.ts';
import type { Step } from '../../../../sim/engine/world.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

let stage: Stage;
let checker: Checker;

const look = (step: Step): void => checker.onStep?.(step);

describe('monotony', () => {
  beforeEach(() => {
    stage = new Stage(2);
    checker = stage.checker(monotony);
    look(stage.change('n0', 'n1', { version: 5, state: 'SUSPECTED_DEAD' }));
  });

  it.each([
    [{ version: 5, state: 'DEAD' }],
    [{ version: 6, state: 'HEALTHY' }],
    [{ version: 5, state: 'SUSPECTED_DEAD' }],
  ] as const)('lets (5, SUSPECTED_DEAD) become %j', (said) => {
    expect(() => look(stage.change('n0', 'n1', said))).not.toThrow();
  });

  it.each([[{ version: 5, state: 'HEALTHY' }], [{ version: 4, state: 'DEAD' }]] as const)(
    'does not let it become %j',
    (said) => {
      expect(() => look(stage.change('n0', 'n1', said))).toThrow(/^monotony: .* node n0 about n1: \(5, SUSPECTED_DEAD/);
    },
  );

  it('sees a change that was not told, in the next cycle', () => {
    stage.say('n0', 'n1', { version: 3 });
    expect(() => checker.onCycle?.()).toThrow(/became \(3, HEALTHY/);
  });

  it('remembers a record that is forgotten, but not past the life of its tombstone', () => {
    look(stage.change('n0', 'n1', { version: 6, state: 'DEAD' }));
    look(stage.change('n0', 'n1', undefined));
    stage.wait(600);
    expect(() => look(stage.change('n0', 'n1', { version: 6 }))).toThrow(/^monotony/);
    stage.puppet('n0').held.delete('n1');
    stage.wait(25 * 3_600);
    checker.onCycle?.();
    expect(() => look(stage.change('n0', 'n1', { version: 6 }))).not.toThrow();
  });

  it('begins anew with every life', () => {
    const { world } = stage;
    world.crash('n0');
    world.start('n0');
    expect(() => checker.onCycle?.()).not.toThrow();
  });
});
