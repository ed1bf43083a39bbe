import { beforeEach, describe, expect, it } from 'vitest';
import type { Checker } from '../../../../sim/checkers/checker.ts';
import { noGhosts } from '../../../../sim/checkers/ghosts.ts';
import type { Step } from '../../../../sim/engine/world.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

let stage: Stage;
let checker: Checker;

const look = (step: Step): void => checker.onStep?.(step);
const heal = (): void => stage.world.changeNetwork((network) => network.heal());

describe('no ghosts', () => {
  beforeEach(() => {
    stage = new Stage(3);
    checker = stage.checker(noGhosts);
    stage.wait(100);
  });

  it('lets a member come back at a newer version', () => {
    look(stage.change('n0', 'n1', { version: 1, state: 'DEAD' }));
    expect(() => look(stage.change('n0', 'n1', { version: 2 }))).not.toThrow();
  });

  it.each([
    ['died', false],
    ['left', true],
  ] as const)('does not let one come back that %s, even if it runs', (how, left) => {
    look(stage.change('n0', 'n1', { version: 1, state: 'DEAD', left }));
    look(stage.change('n0', 'n1', undefined));
    const again = stage.change('n0', 'n1', { version: 1 });
    expect(() => look(again)).toThrow(
      new RegExp(`^no ghosts: .* node n0 about n1: it ${how} at version 1 and is shown HEALTHY`),
    );
  });

  it('lets a private verdict be taken back, but not of one who is long gone, by nobody who was away', () => {
    const doubt = (): void => {
      stage.say('n0', 'n1');
      stage.puppet('n0').verdicts.set('n1', 'DEAD');
      look(stage.step('n0', [stage.changed('n0', 'n1')]));
      stage.puppet('n0').verdicts.delete('n1');
    };
    doubt();
    expect(() => look(stage.change('n0', 'n1', {}))).not.toThrow();
    stage.world.crash('n1');
    doubt();
    stage.wait(15);
    expect(() => look(stage.change('n0', 'n1', {}))).not.toThrow();
    doubt();
    stage.wait(1);
    expect(() => look(stage.change('n0', 'n1', {}))).toThrow(/found dead/);
    stage.world.host('n2').since = stage.world.now;
    expect(() => look(stage.change('n0', 'n1', {}))).not.toThrow();
  });

  it('lets nobody tell a newcomer of one who is long gone from a quiet mesh', () => {
    stage.world.crash('n1');
    stage.wait(59);
    stage.add('x');
    expect(() => look(stage.change('x', 'n1', {}))).not.toThrow();
    stage.wait(1);
    expect(() => look(stage.change('x', 'n1', {}))).toThrow(/gone for long/);
    heal();
    expect(() => look(stage.change('x', 'n1', {}))).not.toThrow();
  });

  it('lets one who was stopped meanwhile find mail of before', () => {
    stage.add('x');
    stage.world.crash('n1');
    stage.wait(80);
    // As it is when a process goes on.
    stage.world.host('x').since = stage.world.now;
    expect(() => look(stage.change('x', 'n1', {}))).not.toThrow();
    stage.wait(61);
    expect(() => look(stage.change('x', 'n1', {}))).toThrow(/gone for long/);
  });
});
