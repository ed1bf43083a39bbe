import { expect, test } from 'vitest';
import { measured } from '../helpers/measured.ts';
import { idsOf, labOf } from './lab/lab.ts';
import { keepUp, lasting } from './lab/lengths.ts';
import { ACCUSED, BLIND_MS } from './lab/record.ts';

/** Cuts in a row: `E2E_CUTS=10` gives the median. */
const CUTS = Number(process.env['E2E_CUTS'] ?? 1);
/** The bound of the median is no bound for a single cut. */
const CUTS_FOR_A_MEDIAN = 5;
/** What would be said late is said within this time after a fault. */
const AFTERMATH_MS = 3_000;

test('five and five, cut apart for a minute, find each other with no bootstrap address left', async (context) => {
  const lab = labOf(context, 11);
  const [introducer, hosts] = [lab.host(0), lab.hosts.slice(1)];
  const [left, right] = [hosts.slice(0, 5), hosts.slice(5)];
  const bootstrap = await lab.start(introducer);
  const agents = await Promise.all(hosts.map(async (host) => lab.start(host, ['--join', introducer.gossip])));
  await lab.formed([bootstrap, ...agents]);
  bootstrap.kill('SIGTERM');
  await bootstrap.exited;

  const formedAt = performance.now();
  const healing: number[] = [];
  const acrossTheCut = (since: number, state: 'HEALTHY' | 'DEAD'): number =>
    Math.max(
      lab.record.allShown(since, idsOf(left), idsOf(right), state),
      lab.record.allShown(since, idsOf(right), idsOf(left), state),
    );
  for (let cut = 0; cut < CUTS; cut += 1) {
    const cutAt = performance.now();
    lab.network.cut(left, right);
    await keepUp(60_000);
    expect(measured('5 and 5: the other side DEAD', acrossTheCut(cutAt, 'DEAD'))).toBeLessThan(15_000);

    const healedAt = performance.now();
    lab.network.heal();
    await lab.formed(agents);
    healing.push(measured('5 and 5: healed', acrossTheCut(healedAt, 'HEALTHY')));
    expect(healing.at(-1)).toBeLessThan(2_000);
  }
  const bound = CUTS >= CUTS_FOR_A_MEDIAN ? 1_000 : 2_000;
  expect(measured('5 and 5: healed, median', median(healing))).toBeLessThan(bound);
  for (const side of [idsOf(left), idsOf(right)]) {
    const killedAtHome = lab.record.showings({
      since: formedAt,
      viewers: side,
      members: side,
      states: ['DEAD', 'gone'],
    });
    expect(killedAtHome).toStrictEqual([]);
  }
  expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
});

test.for([
  { fault: 'cut off', begin: 'cut' },
  { fault: 'whose own interface goes down', begin: 'down' },
] as const)(
  'a node $fault shows all others DEAD, and accuses nobody when it is back',
  async ({ fault, begin }, context) => {
    const lab = labOf(context, 10);
    const [lost, others] = [lab.host(0), lab.hosts.slice(1)];
    const agents = await lab.startMesh(lab.hosts);
    const faultAt = performance.now();
    if (begin === 'cut') lab.network.cut([lost], others);
    else lab.network.setInterface(lost, 'down');
    const cutMs = lasting({ ci: 25, full: 60 });
    await keepUp(cutMs);
    const deadThere = lab.record.allShown(faultAt, idsOf([lost]), idsOf(others), 'DEAD');
    const deadElsewhere = lab.record.allShown(faultAt, idsOf(others), idsOf([lost]), 'DEAD');
    expect(measured(`a node ${fault}: it shows all others DEAD`, deadThere)).toBeLessThan(cutMs);
    expect(measured(`a node ${fault}: DEAD everywhere`, deadElsewhere)).toBeLessThan(16_000);

    const backAt = performance.now();
    if (begin === 'cut') lab.network.heal();
    else lab.network.setInterface(lost, 'up');
    await lab.formed(agents);
    const healthyElsewhere = lab.record.allShown(backAt, idsOf(others), idsOf([lost]), 'HEALTHY');
    expect(measured(`a node ${fault}: back everywhere`, healthyElsewhere)).toBeLessThan(3_000);
    await keepUp(AFTERMATH_MS);
    await lab.formed(agents, 0);
    const accused = lab.record.showings({
      since: faultAt,
      viewers: idsOf(others),
      members: idsOf(others),
      states: ACCUSED,
    });
    expect(accused).toStrictEqual([]);
    expect(lab.record.lines('REFUTED', faultAt, idsOf(others))).toStrictEqual([]);
    expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
  },
);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return ((below ?? Number.NaN) + (above ?? Number.NaN)) / 2;
}
