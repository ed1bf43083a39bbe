import { beforeEach, describe, expect, it } from 'vitest';
import type { Checker } from '../../../../sim/checkers/checker.ts';
import { completeness } from '../../../../sim/checkers/completeness.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

let stage: Stage;
let checker: Checker;

const cut = (from: string, to: string): void => {
  stage.world.changeNetwork((network) => {
    network.cut(from, to);
    network.cut(to, from);
  });
};
const cycle = (): void => checker.onCycle?.();
const everybodyShows = (member: string, state: 'HEALTHY' | 'SUSPECTED_DEAD' | 'DEAD'): void => {
  for (const observer of stage.world.hosts.keys()) stage.say(observer, member, { state });
};

describe('completeness', () => {
  beforeEach(() => {
    stage = new Stage(5);
    checker = stage.checker(completeness);
    cycle();
    stage.wait(60);
  });

  it('gives a crash its time, and no more', () => {
    stage.world.crash('n3');
    stage.wait(15);
    expect(cycle).not.toThrow();
    everybodyShows('n3', 'SUSPECTED_DEAD');
    stage.wait(1);
    expect(cycle).toThrow(/^completeness: .* node n0 about n3: it crashed 16.0 s ago and is shown SUSPECTED_DEAD/);
    everybodyShows('n3', 'DEAD');
    expect(cycle).not.toThrow();
    for (const observer of ['n0', 'n1', 'n2', 'n4']) stage.puppet(observer).held.delete('n3');
    expect(cycle).not.toThrow();
  });

  it('asks nothing of nodes that began later, were stopped, or were cut off', () => {
    stage.world.crash('n3');
    for (const observer of ['n0', 'n1', 'n2', 'n4']) stage.world.host(observer).since = stage.world.now + 1_000;
    stage.wait(30);
    expect(cycle).not.toThrow();
  });

  it('asks nothing of a node that had met nobody when it happened', () => {
    const lonely = stage.add('x1');
    stage.say(lonely.name, lonely.name);
    cycle();
    stage.wait(1);
    stage.world.crash('n3');
    stage.wait(80);
    everybodyShows('n3', 'DEAD');
    stage.say('x1', 'n3', { state: 'SUSPECTED_DEAD' });
    expect(cycle).not.toThrow();
    everybodyShows('n3', 'DEAD');
    stage.wait(1);
    stage.world.crash('n4');
    stage.wait(17);
    everybodyShows('n4', 'DEAD');
    stage.say('x1', 'n4', { state: 'SUSPECTED_DEAD' });
    expect(cycle).toThrow(/node x1 about n4/);
  });

  it('gives more time where others have begun anew and count from nothing', () => {
    stage.world.crash('n3');
    stage.wait(16);
    everybodyShows('n3', 'DEAD');
    stage.say('n0', 'n3', { state: 'SUSPECTED_DEAD' });
    stage.world.host('n4').since = stage.world.now - 1_000;
    stage.wait(3);
    expect(cycle).not.toThrow();
    stage.wait(1);
    expect(cycle).toThrow(/node n0 about n3/);
  });

  it('asks nothing in a network that has just changed, but in one that has long been so', () => {
    cut('n0', 'n1');
    stage.world.crash('n3');
    stage.wait(30);
    expect(cycle).not.toThrow();
    stage.world.start('n3');
    stage.world.host('n3').life = undefined;
    stage.wait(60);
    stage.world.host('n3').since = stage.world.now;
    stage.wait(19);
    expect(cycle).not.toThrow();
    stage.wait(1);
    expect(cycle).toThrow(/about n3/);
  });

  it('in a lasting partition asks only those that would reach the member', () => {
    stage.world.changeNetwork((network) => network.partition([['n0'], ['n1', 'n2', 'n3', 'n4']]));
    stage.wait(60);
    stage.world.crash('n3');
    stage.wait(30);
    for (const observer of ['n1', 'n2', 'n4']) stage.say(observer, 'n3', { state: 'DEAD' });
    expect(cycle).not.toThrow();
    stage.say('n2', 'n3');
    expect(cycle).toThrow(/node n2 about n3/);
  });

  it('wants a leave that was heard to be known much sooner', () => {
    const host = stage.world.host('n3');
    host.since = stage.world.now;
    checker.onStep?.(stage.step('n3', [{ kind: 'leaveFinished', acknowledged: 1 }]));
    host.life = undefined;
    stage.wait(6);
    expect(cycle).not.toThrow();
    stage.wait(1);
    expect(cycle).toThrow(/about n3: it left 7.0 s ago/);
  });

  it('treats a leave that nobody heard as a crash', () => {
    const host = stage.world.host('n3');
    host.since = stage.world.now;
    checker.onStep?.(stage.step('n3', [{ kind: 'leaveFinished', acknowledged: 0 }]));
    host.life = undefined;
    stage.wait(15);
    expect(cycle).not.toThrow();
    stage.wait(1);
    expect(cycle).toThrow(/crashed/);
  });

  it('asks nothing of a node that was all alone meanwhile', () => {
    stage.world.crash('n3');
    for (const name of ['n1', 'n2', 'n4']) stage.world.pause(name);
    cycle();
    stage.wait(30);
    expect(cycle).not.toThrow();
  });

  it('takes a twin for no company', () => {
    const twin = stage.add('t0', 'n0');
    for (const member of ['n0', 'n3']) stage.say(twin.name, member);
    cycle();
    stage.wait(1);
    stage.world.crash('n3');
    for (const name of ['n1', 'n2', 'n4']) stage.world.pause(name);
    cycle();
    stage.wait(30);
    expect(cycle).not.toThrow();
  });
});
