import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allHealthy } from '../helpers/agent-process.ts';
import { eventually } from '../helpers/eventually.ts';
import { measured } from '../helpers/measured.ts';
import { DnsServer } from './lab/dns.ts';
import { idsOf, labOf } from './lab/lab.ts';
import { keepUp } from './lab/lengths.ts';
import { ACCUSED, BLIND_MS } from './lab/record.ts';

test('a bootstrap name that leads nowhere, then to an old address, then to the right one, is followed', async (context) => {
  const lab = labOf(context, 4);
  const [seed, nobody, comer] = [lab.host(0), lab.host(2), lab.host(3)];
  const mesh = await lab.startMesh(lab.hosts.slice(0, 2));
  const dns = await DnsServer.listen(lab.network.observer);
  context.onTestFinished(() => dns.close());
  const resolver = join(await lab.agents.directory(), 'resolv.conf');
  await writeFile(resolver, `nameserver ${lab.network.observer}\noptions timeout:1 attempts:2\n`);
  const withResolver = ['sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', resolver];

  const agent = await lab.start(comer, ['--join', 'dns://seed.example.test:7946'], withResolver);
  for (const answer of [[], 'NXDOMAIN', [nobody.address]] as const) {
    dns.answer = answer;
    const before = dns.asked;
    await eventually({
      what: `the name is asked for again while the answer is ${JSON.stringify(answer)}`,
      deadlineMs: 10_000,
      read: () => dns.asked,
      until: (asked) => asked >= before + 2,
    });
    expect((await agent.memberlist()).map(({ id }) => id)).toStrictEqual([comer.name]);
  }
  dns.answer = [seed.address];
  const took = await lab.formed([...mesh, agent]);
  expect(measured('bootstrap name: joined after the right answer', took)).toBeLessThan(5_000);
});

test('two nodes with one id both say so, and the others stay calm and keep one of them', async (context) => {
  const lab = labOf(context, 10);
  const [first, second, others] = [lab.host(0), lab.host(9), lab.hosts.slice(1, 9)];
  const [original, ...calm] = await lab.startMesh(lab.hosts.slice(0, 9));
  const doubledAt = performance.now();
  const double = await lab.start(second, ['--node-id', first.name, '--join', lab.host(1).gossip]);
  for (const agent of [original, double]) {
    if (agent === undefined) throw new Error('no agent');
    await eventually({
      what: `${agent.id} names the other in /readyz`,
      deadlineMs: 60_000,
      read: async () => (await agent.get('/readyz')).json(),
      until: (readiness) => (readiness as { duplicateAddresses?: unknown }).duplicateAddresses !== undefined,
    });
    expect(agent.logged('DUPLICATE_ID')).not.toStrictEqual([]);
    expect((await agent.metrics()).value('muster_duplicate_id_total')).toBeGreaterThan(0);
  }
  measured('two nodes with one id: both say so', performance.now() - doubledAt);
  await keepUp(5_000);
  const nine = allHealthy(first.name, ...idsOf(others));
  for (const agent of calm) {
    await agent.waitFor(nine, 0, 'nine HEALTHY');
    const kept = (await agent.memberlist()).find(({ id }) => id === first.name);
    expect([first.gossip, second.gossip]).toContain(kept?.address);
  }
  expect(lab.record.showings({ since: doubledAt, viewers: idsOf(others), states: ACCUSED })).toStrictEqual([]);
  expect(lab.record.longestGap()).toBeLessThan(BLIND_MS);
});

test('another mesh on the address of a dead member is refused and counted, and no record crosses', async (context) => {
  const lab = labOf(context, 11);
  const [members, reused, elsewhere] = [lab.hosts.slice(0, 9), lab.host(9), lab.host(10)];
  const agents = await lab.startMesh(lab.hosts.slice(0, 10));
  const killedAt = performance.now();
  agents.at(-1)?.kill('SIGKILL');
  await agents.at(-1)?.exited;
  const other = ['--mesh', `${lab.agents.mesh}-other`];
  const strangers = [
    await lab.start(elsewhere, [...other, '--node-id', 'stranger-0']),
    await lab.start(reused, [...other, '--node-id', 'stranger-1', '--join', elsewhere.gossip]),
  ];
  const stranger = strangers[1];
  await eventually({
    what: 'the stranger refuses who calls the former member',
    deadlineMs: 20_000,
    read: async () => stranger?.metrics(),
    until: (metrics) => (metrics?.value('muster_messages_refused_total', { reason: 'wrong_mesh' }) ?? 0) > 0,
    show: () => 'none refused',
  });
  await keepUp(18_000);
  const dead = lab.record.allShown(killedAt, idsOf(members), idsOf([reused]), 'DEAD');
  expect(measured('address reused by another mesh: the former member DEAD', dead)).toBeLessThan(16_000);
  for (const agent of strangers) await agent.waitFor(allHealthy('stranger-0', 'stranger-1'), 0, 'the strangers alone');
  const strange = ['stranger-0', 'stranger-1'];
  expect(lab.record.showings({ viewers: idsOf(members), members: strange })).toStrictEqual([]);
  const ours = { viewers: idsOf([elsewhere]), members: idsOf(lab.hosts.slice(0, 10)) };
  expect(lab.record.showings(ours)).toStrictEqual([]);
  expect(
    lab.record.showings({ since: killedAt, viewers: idsOf(members), members: idsOf(members), states: ACCUSED }),
  ).toStrictEqual([]);
});
