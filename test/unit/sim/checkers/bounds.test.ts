import { beforeEach, describe, expect, it } from 'vitest';
import { bounds } from '../../../../sim/checkers/bounds.ts';
import type { Checker } from '../../../../sim/checkers/checker.ts';
import type { Step } from '../../../../sim/engine/world.ts';
import { millis, nodeId, unixMillis } from '../../../../src/base/brands.ts';
import type { Connection, Effect } from '../../../../src/gossip/effect.ts';
import { Stage } from '../../../helpers/sim-stage.ts';

let stage: Stage;
let checker: Checker;

const look = (step: Step): void => checker.onStep?.(step);
const contact = (connection: Connection): Effect => ({
  kind: 'sendHeartbeat',
  exchange: stage.number(),
  address: 'n1:7946',
  connection,
  message: { source: nodeId('n0'), mesh: 'default', sentAt: unixMillis(0), digest: new Map() },
});
const times = <Item>(count: number, make: () => Item): readonly Item[] => Array.from({ length: count }, make);

describe('bounds', () => {
  beforeEach(() => {
    stage = new Stage(3, {
      config: { maxDeltaBytes: 200, maxMembers: 5, maxTombstones: 4, gossipInterval: millis(1_000) },
    });
    checker = stage.checker(bounds);
    stage.wait(10);
  });

  it('counts the contacts of an interval', () => {
    expect(() =>
      look(
        stage.step(
          'n0',
          times(22, () => contact('pooled')),
        ),
      ),
    ).not.toThrow();
    stage.wait(1);
    expect(() =>
      look(
        stage.step(
          'n0',
          times(22, () => contact('pooled')),
        ),
      ),
    ).not.toThrow();
    expect(() => look(stage.step('n0', [contact('pooled')]))).toThrow(/^bounds: .* node n0: 23 contacts/);
  });

  it('counts the tries to join, and the wakes', () => {
    expect(() =>
      look(
        stage.step(
          'n0',
          times(200, () => contact('fresh')),
        ),
      ),
    ).toThrow(/tries to join/);
    expect(() => {
      for (const step of times(200, () => stage.step('n1'))) look(step);
    }).toThrow(/wakes in one interval/);
  });

  it('weighs deltas; one record may be too big by itself', () => {
    const answer = (members: readonly string[]): Effect => ({
      kind: 'answerDiff',
      call: 1,
      message: {
        source: nodeId('n0'),
        mesh: 'default',
        delta: members.flatMap((member) => stage.puppet('n0').held.get(member) ?? []),
      },
    });
    expect(() => look(stage.step('n0', [answer(['n1', 'n2'])]))).not.toThrow();
    stage.say('n0', 'n2', { metadata: 'x'.repeat(300) });
    expect(() => look(stage.step('n0', [answer(['n2'])]))).not.toThrow();
    expect(() => look(stage.step('n0', [answer(['n1', 'n2'])]))).toThrow(/bytes in a delta, more than 200/);
  });

  it('counts members and open calls', () => {
    expect(() => checker.onCycle?.()).not.toThrow();
    for (const name of ['a', 'b', 'c']) stage.say('n0', name);
    expect(() => checker.onCycle?.()).toThrow(/6 members, more than 5/);
    for (const name of ['a', 'b', 'c']) stage.puppet('n0').held.delete(name);
    for (let call = 0; call < 250; call += 1)
      stage.lifeOf('n0').calls.set(call, { exchange: call, deadline: 0, mayBeLate: false });
    expect(() => checker.onCycle?.()).toThrow(/open calls/);
  });
});
