import { beforeEach, describe, expect, it } from 'vitest';
import { agreement } from '../../../../sim/checkers/agreement.ts';
import type { Checker } from '../../../../sim/checkers/checker.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

let stage: Stage;
let checker: Checker;

const settled = (): void => checker.onSettled?.();

describe('agreement', () => {
  beforeEach(() => {
    stage = new Stage(3);
    checker = stage.checker(agreement);
  });

  it('is content when all hold the same, and show the dead DEAD', () => {
    stage.say('n0', 'gone', { state: 'DEAD' });
    expect(settled).not.toThrow();
  });

  it('is not when a living one is unknown, doubted, or held at another version', () => {
    stage.puppet('n1').held.delete('n2');
    expect(settled).toThrow(/^agreement: .* node n1 about n2: it lives and is shown nowhere/);
    stage.say('n1', 'n2', { state: 'SUSPECTED_DEAD' });
    expect(settled).toThrow(/shown SUSPECTED_DEAD/);
    stage.say('n1', 'n2', { version: 2 });
    expect(settled).toThrow(/version 2 is held, the member is at 1/);
  });

  it('is not when the same version has two contents', () => {
    stage.say('n1', 'n2', { metadata: 'other' });
    expect(settled).toThrow(/contents differ/);
  });

  it('is not when two hold one version of one who is gone with two contents', () => {
    stage.world.crash('n2');
    stage.say('n0', 'n2', { state: 'DEAD' });
    stage.say('n1', 'n2', { state: 'DEAD', version: 2, address: 'elsewhere:1' });
    expect(settled).not.toThrow();
    stage.say('n1', 'n2', { state: 'DEAD', address: 'elsewhere:1' });
    expect(settled).toThrow(/n1 about n2: version 1 is held with another content than n0 holds/);
  });

  it('is not when one who does not run is shown alive', () => {
    stage.say('n0', 'gone', { state: 'SUSPECTED_DEAD' });
    expect(settled).toThrow(/n0 about gone: no such node runs/);
  });
});
