import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type AgentProcess, allHealthy, type MemberJson } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { measured } from '../helpers/measured.ts';

const RETENTION_MS = 5_000;
/** How long a dead member that is gone is watched for. */
const GHOST_WATCH_MS = 10_000;
/** A recorder that was blind for longer can not vouch for what was never shown. */
const BLIND_MS = 1_500;

describe.concurrent('a mesh of three', () => {
  test('forms within 3 s of the last start', async (context) => {
    const agents = agentsOf(context);
    const first = await agents.start('a');
    const others = await Promise.all(['b', 'c'].map(async (id) => agents.start(id, '--join', first.gossip)));
    const all = [first, ...others];
    const readyAt = Math.max(...all.map((agent) => agent.readyAt));
    await Promise.all(all.map(async (agent) => agent.waitFor(allHealthy('a', 'b', 'c'), 3_000, 'all three HEALTHY')));
    expect(measured('formed after the last ready', performance.now() - readyAt)).toBeLessThan(3_000);
  });

  test('sees a killed member suspected, dead and gone, and takes its next life in', async (context) => {
    const agents = agentsOf(context);
    const [a, b, c] = await agents.startThree(['a', 'b', 'c'], '--dead-retention', `${RETENTION_MS}ms`);
    const recorders = [a, b].map((agent) => agents.record(agent));
    const survivors = [a, b];
    await Promise.all(recorders.map(async ({ agent }) => agent.waitFor(allHealthy('a', 'b', 'c'), 1_000, 'all')));
    c.kill('SIGKILL');
    const killedAt = performance.now();
    await Promise.all(survivors.map(async (agent) => agent.waitFor(shows('c', undefined), 21_500, 'c is gone')));
    await delay(GHOST_WATCH_MS);
    for (const recorder of recorders) {
      const { id } = recorder.agent;
      const suspected = measured(`${id}: suspected`, recorder.firstAfter(killedAt, 'c', 'SUSPECTED_DEAD'));
      const dead = measured(`${id}: dead`, recorder.firstAfter(killedAt, 'c', 'DEAD'));
      const kept = measured(`${id}: shown dead`, recorder.firstAfter(killedAt, 'c', 'gone') - dead);
      expect(suspected).toBeGreaterThan(4_000);
      expect(suspected).toBeLessThan(8_000);
      expect(dead).toBeGreaterThan(9_000);
      expect(dead).toBeLessThan(14_000);
      expect(Math.abs(kept - RETENTION_MS)).toBeLessThan(1_500);
      expect(recorder.states('c')).toStrictEqual(['HEALTHY', 'SUSPECTED_DEAD', 'DEAD', 'gone']);
      expect(recorder.states('a')).toStrictEqual(['HEALTHY']);
      expect(recorder.states('b')).toStrictEqual(['HEALTHY']);
      expect(recorder.longestGap).toBeLessThan(BLIND_MS);
    }
    const again = await agents.start('c', '--join', a.gossip, '--label', 'life=second');
    expect(again.gossip).not.toBe(c.gossip);
    await expectNewLife([a, b, again], again);
  });

  test('takes a member back that was killed and started anew at once', async (context) => {
    const agents = agentsOf(context);
    const [a, b, c] = await agents.startThree(['a', 'b', 'c'], '--label', 'life=first');
    const recorder = agents.record(b);
    c.kill('SIGKILL');
    const again = await agents.start('c', '--join', a.gossip, '--label', 'life=second');
    expect(again.gossip).not.toBe(c.gossip);
    await expectNewLife([a, b, again], again);
    expect(recorder.states('c')).not.toContain('DEAD');
  });

  test('is told of a member that leaves', async (context) => {
    const agents = agentsOf(context);
    const [a, b, c] = await agents.startThree(['a', 'b', 'c']);
    const recorders = [a, b].map((agent) => agents.record(agent));
    const askedAt = performance.now();
    c.kill('SIGTERM');
    const seen = [a, b].map(async (agent) => agent.waitFor(hasLeft('c'), 2_000, 'c is shown as DEAD, having left'));
    const exit = await c.exited;
    const took = measured('SIGTERM to the exit', performance.now() - askedAt);
    expect(exit).toStrictEqual({ code: 0, signal: null });
    expect(took).toBeLessThan(6_000);
    measured('SIGTERM to seen everywhere', Math.max(...(await Promise.all(seen))));
    for (const recorder of recorders) expect(recorder.states('c')).not.toContain('SUSPECTED_DEAD');
    expect(c.logged('LEFT')).toMatchObject([{ acknowledged: 2 }]);
    expect(c.other).toStrictEqual([]);
  });
});

function shows(member: string, state: MemberJson['peerState'] | undefined) {
  return (members: readonly MemberJson[]) => members.find(({ id }) => id === member)?.peerState === state;
}

function hasLeft(member: string) {
  return (members: readonly MemberJson[]) =>
    members.some(({ id, peerState, left }) => id === member && peerState === 'DEAD' && left === true);
}

/** Every node shows the member HEALTHY with the labels and the address of its new life within 3 s of its start. */
async function expectNewLife(all: readonly AgentProcess[], newcomer: AgentProcess): Promise<void> {
  const renewed = (members: readonly MemberJson[]) =>
    members.length === all.length &&
    members.every(({ peerState }) => peerState === 'HEALTHY') &&
    members.some(
      ({ id, address, state }) =>
        id === newcomer.id && address === newcomer.gossip && state.labels['life'] === 'second',
    );
  await Promise.all(all.map(async (agent) => agent.waitFor(renewed, 3_000, `the new life of ${newcomer.id}`)));
  expect(measured('new life everywhere after ready', performance.now() - newcomer.readyAt)).toBeLessThan(3_000);
}
