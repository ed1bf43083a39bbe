import { expect, test } from 'vitest';
import type { AgentProcess } from '../helpers/agent-process.ts';
import { measured } from '../helpers/measured.ts';
import { idsOf, type Lab, labOf } from './lab/lab.ts';
import { keepUp, times } from './lab/lengths.ts';
import type { Host } from './lab/network.ts';
import { ACCUSED, BLIND_MS } from './lab/record.ts';

const NODES = 10;

test.for([
  { fate: 'refuse connections', vanish: false, deadWithin: 14_000 },
  { fate: 'vanish', vanish: true, deadWithin: 16_000 },
])('three of ten killed that then $fate are DEAD everywhere, and nobody else is suspected', async (row, context) => {
  const { fate, vanish, deadWithin } = row;
  const lab = labOf(context, NODES);
  const [survivors, victims] = [lab.hosts.slice(0, 7), lab.hosts.slice(7)];
  const agents = await lab.startMesh(lab.hosts);
  const killedAt = performance.now();
  if (vanish) lab.network.cut(survivors, victims);
  for (const agent of agents.slice(7)) agent.kill('SIGKILL');
  await keepUp(deadWithin + 2_000);
  const dead = lab.record.allShown(killedAt, idsOf(survivors), idsOf(victims), 'DEAD');
  expect(measured(`three of ten ${fate}: DEAD everywhere`, dead)).toBeLessThan(deadWithin);
  expect(lab.record.showings({ since: killedAt, members: idsOf(survivors), states: ACCUSED })).toStrictEqual([]);
  expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
});

test('a process stopped for 30 s was DEAD, returns and accuses nobody', async (context) => {
  const lab = labOf(context, NODES);
  const [stopped, others] = [lab.host(0), lab.hosts.slice(1)];
  const agents = await lab.startMesh(lab.hosts);
  const stoppedAt = performance.now();
  agents[0]?.kill('SIGSTOP');
  await keepUp(30_000);
  const dead = lab.record.allShown(stoppedAt, idsOf(others), idsOf([stopped]), 'DEAD');
  expect(measured('stopped: DEAD everywhere', dead)).toBeLessThan(16_000);
  const continuedAt = performance.now();
  agents[0]?.kill('SIGCONT');
  await lab.formed(agents);
  const back = lab.record.allShown(continuedAt, idsOf(others), idsOf([stopped]), 'HEALTHY');
  expect(measured('stopped: back everywhere', back)).toBeLessThan(3_000);
  await keepUp(3_000);
  expect(lab.record.showings({ since: stoppedAt, members: idsOf(others), states: ACCUSED })).toStrictEqual([]);
  expect(lab.record.lines('REFUTED', stoppedAt, idsOf(others))).toStrictEqual([]);
  expect(lab.record.longestGap(idsOf(others))).toBeLessThan(BLIND_MS);
});

test('a node that is killed and started anew again and again is known by its new labels', async (context) => {
  const lab = labOf(context, NODES);
  const agents = [...(await lab.startMesh(lab.hosts))];
  const lives = times({ ci: 6, full: 100 });
  const slowest = { 0: 0, [NODES - 1]: 0 };
  for (let life = 1; life <= lives; life += 1) {
    const which = life % 2 === 0 ? 0 : NODES - 1;
    const took = await restart(lab, agents, which, `life=${life}`);
    slowest[which] = Math.max(slowest[which] ?? 0, took);
  }
  expect(measured('new labels everywhere, smallest id, slowest', slowest[0])).toBeLessThan(3_000);
  expect(measured('new labels everywhere, largest id, slowest', slowest[NODES - 1] ?? Number.NaN)).toBeLessThan(3_000);

  await keepUp(2_000);
  const failures = await failedHandshakes(agents);
  await keepUp(5_000);
  expect(await failedHandshakes(agents)).toBe(failures);
});

test('at a rolling restart no view has fewer than all but two HEALTHY', async (context) => {
  const lab = labOf(context, NODES);
  const agents = [...(await lab.startMesh(lab.hosts))];
  const formedAt = performance.now();
  for (const [index, host] of lab.hosts.entries()) {
    const nextAt = performance.now() + 5_000;
    const former = agents[index];
    former?.kill('SIGTERM');
    await former?.exited;
    agents[index] = await lab.start(host, ['--join', bootstrapOf(lab, host)]);
    await keepUp(nextAt - performance.now());
  }
  await lab.formed(agents);
  const fewest = lab.record.fewestHealthy(formedAt);
  measured(`rolling restart: ${fewest.viewer} showed the fewest HEALTHY`, fewest.count, 'nodes');
  expect(fewest.count).toBeGreaterThanOrEqual(NODES - 2);
});

/** Kills an agent, starts it anew with a label, and tells how long after it is ready the others all show that. */
async function restart(lab: Lab, agents: AgentProcess[], which: number, label: string): Promise<number> {
  const host = lab.host(which);
  agents[which]?.kill('SIGKILL');
  await agents[which]?.exited;
  const reborn = await lab.start(host, ['--join', bootstrapOf(lab, host), '--label', label]);
  agents[which] = reborn;
  const [key = '', value] = label.split('=');
  await Promise.all(
    agents.map(async (agent) =>
      agent.waitFor(
        (members) =>
          members.some(
            ({ id, state, peerState }) => id === reborn.id && state.labels[key] === value && peerState === 'HEALTHY',
          ),
        10_000,
        `${host.name} has ${label}`,
      ),
    ),
  );
  return performance.now() - reborn.readyAt;
}

function bootstrapOf(lab: Lab, self: Host): string {
  const others = lab.hosts.filter((host) => host !== self).slice(0, 3);
  return others.map(({ gossip }) => gossip).join(',');
}

async function failedHandshakes(agents: readonly AgentProcess[]): Promise<number> {
  const scrapes = await Promise.all(agents.map(async (agent) => agent.metrics()));
  return scrapes.reduce((total, metrics) => total + metrics.sum('muster_handshake_failures_total'), 0);
}
