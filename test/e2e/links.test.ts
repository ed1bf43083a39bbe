import { expect, test } from 'vitest';
import type { AgentProcess } from '../helpers/agent-process.ts';
import { measured } from '../helpers/measured.ts';
import { idsOf, labOf } from './lab/lab.ts';
import { keepUp, lasting } from './lab/lengths.ts';
import { ACCUSED, BLIND_MS } from './lab/record.ts';

const NODES = 10;
/** There and back in 300 ms: about as far as two places on Earth are from each other. */
const FAR_MS = 150;

test('a link that is cut both ways changes no state anywhere, and shows as indirect at its ends', async (context) => {
  const lab = labOf(context, NODES);
  const [a, b] = [lab.host(0), lab.host(1)];
  const agents = await lab.startMesh(lab.hosts);
  const ends = agents.slice(0, 2);
  await linkIs(ends, 'direct');
  const cutAt = performance.now();
  lab.network.cut([a], [b]);
  measured('link A–B cut: indirect at both ends', await linkIs(ends, 'indirect'));
  await keepUp(lasting({ ci: 45, full: 120 }));
  await linkIs(ends, 'indirect');
  await lab.formed(agents, 0);
  lab.network.heal();
  measured('link A–B healed: direct at both ends', await linkIs(ends, 'direct'));
  expect(lab.record.showings({ since: cutAt, states: ACCUSED })).toStrictEqual([]);
  expect(lab.record.lines('REFUTED', cutAt)).toStrictEqual([]);
  expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
});

test('a node that hears nobody but is heard makes nobody else suspected', async (context) => {
  const lab = labOf(context, NODES);
  const [deaf, others] = [lab.host(0), lab.hosts.slice(1)];
  const agents = await lab.startMesh(lab.hosts);
  const cutAt = performance.now();
  lab.network.cutOneWay(others, [deaf]);
  await keepUp(lasting({ ci: 30, full: 120 }));
  expect(await (await agents[0]?.get('/readyz'))?.json()).toMatchObject({ isolated: true });
  lab.network.heal();
  measured('hears nobody: healed', await lab.formed(agents));
  const accused = lab.record.showings({
    since: cutAt,
    viewers: idsOf(others),
    members: idsOf(others),
    states: ACCUSED,
  });
  expect(accused).toStrictEqual([]);
  expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
});

test.for([
  { percent: 20, suspicionsPerNodeHour: Number.POSITIVE_INFINITY },
  { percent: 5, suspicionsPerNodeHour: 1 },
])('$percent % of all packets lost make nobody DEAD', async ({ percent, suspicionsPerNodeHour }, context) => {
  const lab = labOf(context, NODES);
  const agents = await lab.startMesh(lab.hosts);
  const lossAt = performance.now();
  lab.network.lose(percent);
  await keepUp(lasting({ ci: 40, full: percent === 5 ? 720 : 120 }));
  const nodeHours = (NODES * (performance.now() - lossAt)) / 3_600_000;
  lab.network.heal();
  await lab.formed(agents);
  expect(lab.record.showings({ since: lossAt, states: ['DEAD', 'gone'] })).toStrictEqual([]);
  const suspicions = lab.record.lines('ACCUSED', lossAt).length;
  measured(`${percent} % loss: false suspicions`, suspicions, 'accusations');
  expect(suspicions / nodeHours).toBeLessThanOrEqual(suspicionsPerNodeHour);
  expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
});

test('links of 150 ms one way make nobody suspected, and news still crosses within 3 s', async (context) => {
  const lab = labOf(context, NODES);
  const [first, ...others] = lab.hosts;
  if (first === undefined) throw new Error('no hosts');
  const seed = await lab.startFarAway(first, FAR_MS);
  const join = ['--join', seed.gossip];
  const agents = [seed, ...(await Promise.all(others.map(async (host) => lab.startFarAway(host, FAR_MS, join))))];
  await lab.formed(agents);
  const formedAt = performance.now();
  await keepUp(lasting({ ci: 20, full: 120 }));
  const leavingAt = performance.now();
  agents.at(-1)?.kill('SIGTERM');
  const rest = agents.slice(0, -1);
  await lab.formed(rest);
  const left = lab.record.allShown(leavingAt, idsOf(lab.hosts.slice(0, -1)), idsOf(lab.hosts.slice(-1)), 'DEAD');
  expect(measured('150 ms one way: a leave is known everywhere', left)).toBeLessThan(3_000);
  const accused = lab.record.showings({ since: formedAt, members: rest.map(({ id }) => id), states: ACCUSED });
  expect(accused).toStrictEqual([]);
  expect(lab.record.lines('ACCUSED', formedAt)).toStrictEqual([]);
  expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
});

/** Waits until two agents show each other as reached so. */
async function linkIs(ends: readonly AgentProcess[], wanted: 'direct' | 'indirect'): Promise<number> {
  const took = ends.map(async (agent) =>
    agent.waitFor(
      (members) =>
        ends.every(({ id }) => id === agent.id || members.find((member) => member.id === id)?.reachability === wanted),
      10_000,
      `the other end is ${wanted}`,
    ),
  );
  return Math.max(...(await Promise.all(took)));
}
