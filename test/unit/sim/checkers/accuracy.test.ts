import { beforeEach, describe, expect, it } from 'vitest';
import { accuracy } from '../../../../sim/checkers/accuracy.ts';
import type { Checker } from '../../../../sim/checkers/checker.ts';
import type { Step } from '../../../../sim/engine/world.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

let stage: Stage;
let checker: Checker;

const look = (step: Step): void => checker.onStep?.(step);
const cut = (from: string, to: string): void => {
  stage.world.changeNetwork((network) => {
    network.cut(from, to);
    network.cut(to, from);
  });
};
const heal = (): void => stage.world.changeNetwork((network) => network.heal());
const accuse = (state: 'SUSPECTED_DEAD' | 'DEAD', observer = 'n0', member = 'n1'): void =>
  look(stage.change(observer, member, { state }, 'HEALTHY'));
const lose = (share: number): void =>
  stage.world.changeNetwork((network) => {
    network.conditions = { loss: share, hosts: new Set(), duplication: 0 };
  });

describe('accuracy', () => {
  beforeEach(() => {
    stage = new Stage(5);
    checker = stage.checker(accuracy);
    stage.wait(60);
  });

  it('wants no living member shown DEAD', () => {
    expect(() => accuse('DEAD')).toThrow(/^accuracy: .* node n0 about n1: it lives/);
  });

  it('wants none suspected without a reason', () => {
    expect(() => accuse('SUSPECTED_DEAD')).toThrow(/nobody had reason/);
  });

  it('does not mind that of one who is stopped, gone, leaving, new, or not where it says', () => {
    const member = stage.world.host('n1');
    stage.world.pause('n1');
    expect(() => accuse('DEAD')).not.toThrow();
    member.paused = false;
    member.since = stage.world.now - 13_000;
    expect(() => accuse('DEAD')).not.toThrow();
    member.since = 1;
    stage.puppet('n1').leaving = true;
    stage.lifeOf('n1');
    member.advertised = 'nowhere:1';
    expect(() => accuse('DEAD')).not.toThrow();
    member.advertised = member.address;
    member.life = undefined;
    expect(() => accuse('DEAD')).not.toThrow();
  });

  it('does not mind one that says goodbye', () => {
    stage.puppet('n1').leaving = true;
    expect(() => accuse('DEAD')).not.toThrow();
  });

  it('does not mind two that do not reach each other, and does when they have for long', () => {
    cut('n0', 'n1');
    stage.wait(5);
    expect(() => accuse('DEAD')).not.toThrow();
    heal();
    stage.wait(13);
    expect(() => accuse('DEAD')).not.toThrow();
    stage.wait(1);
    expect(() => accuse('DEAD')).toThrow(/shown DEAD/);
  });

  it('sees that a heal elsewhere does not part those who were never parted', () => {
    cut('n3', 'n4');
    stage.wait(30);
    heal();
    expect(() => accuse('DEAD')).toThrow(/shown DEAD/);
  });

  it('counts from their own heal, not from a later one elsewhere, and for a newcomer from the change that it met', () => {
    cut('n0', 'n1');
    heal();
    stage.add('x');
    stage.say('x', 'n1');
    stage.wait(10);
    cut('n3', 'n4');
    stage.wait(4);
    expect(() => accuse('DEAD')).toThrow(/node n0 about n1/);
    expect(() => accuse('DEAD', 'x')).not.toThrow();
    stage.wait(10);
    expect(() => accuse('DEAD', 'x')).toThrow(/node x about n1/);
  });

  it('asks only of those whom most of the mesh reaches', () => {
    for (const other of ['n2', 'n3', 'n4']) cut('n1', other);
    expect(() => accuse('DEAD')).not.toThrow();
    stage.wait(60);
    expect(() => accuse('DEAD')).not.toThrow();
  });

  it('takes a bad link of somebody else for a reason to suspect, but not to sentence', () => {
    cut('n1', 'n4');
    stage.wait(10);
    checker.onCycle?.();
    expect(() => accuse('SUSPECTED_DEAD')).not.toThrow();
    expect(() => accuse('DEAD')).toThrow(/shown DEAD/);
    heal();
    stage.wait(59);
    expect(() => accuse('SUSPECTED_DEAD')).not.toThrow();
    stage.wait(1);
    expect(() => accuse('SUSPECTED_DEAD')).toThrow(/nobody had reason/);
  });

  it('takes being cut off from everybody for no reason to suspect', () => {
    stage.world.changeNetwork((network) => network.partition([['n4'], ['n0', 'n1', 'n2', 'n3']]));
    stage.wait(20);
    checker.onCycle?.();
    heal();
    expect(() => accuse('SUSPECTED_DEAD')).toThrow(/nobody had reason/);
  });

  it('forgives suspicions on lossy links, and deaths on hopeless ones', () => {
    lose(0.1);
    expect(() => accuse('SUSPECTED_DEAD')).toThrow(/nobody had reason/);
    lose(0.2);
    expect(() => accuse('SUSPECTED_DEAD')).not.toThrow();
    expect(() => accuse('DEAD')).toThrow(/shown DEAD/);
    lose(0.4);
    expect(() => accuse('DEAD')).not.toThrow();
  });

  it('forgives what befalls a slow host, and two nodes with one id', () => {
    stage.world.changeNetwork((network) => network.slow('n1', 400));
    expect(() => accuse('DEAD')).not.toThrow();
    heal();
    stage.wait(20);
    stage.add('t', 'n1');
    expect(() => accuse('DEAD')).not.toThrow();
  });
});
