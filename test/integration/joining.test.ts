import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allHealthy } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';
import { measured } from '../helpers/measured.ts';
import { reservePorts } from '../helpers/ports.ts';

const SNAPSHOT = 'snapshot.json';

describe.concurrent('joining', () => {
  test('goes on while all bootstrap nodes are down, and ends when they are up', async (context) => {
    const agents = agentsOf(context);
    const targets = (await reservePorts(2)).map((port) => `127.0.0.1:${port}`);
    const early = await agents.start('early', '--join', targets.join(','));
    const readiness = await early.get('/readyz');
    expect(readiness.status).toBe(200);
    expect(await readiness.json()).toStrictEqual({ status: 'ready', waitingFor: expect.toSatisfy(names(targets)) });
    expect((await early.memberlist()).map(({ id }) => id)).toStrictEqual(['early']);

    const late = await Promise.all(
      targets.map(async (target, index) => agents.start(`late-${index}`, '--gossip-bind', target)),
    );
    const upAt = Math.max(...late.map((agent) => agent.readyAt));
    await Promise.all(
      [early, ...late].map(async (agent) => agent.waitFor(allHealthy('early', 'late-0', 'late-1'), 5_000, 'all three')),
    );
    expect(measured('joined after the bootstrap nodes came up', performance.now() - upAt)).toBeLessThan(5_000);
    const { waitingFor } = (await (await early.get('/readyz')).json()) as { waitingFor?: string[] };
    expect(waitingFor).toBeUndefined();
  });

  test('makes one mesh of two halves that a fifth node introduces', async (context) => {
    const agents = agentsOf(context);
    const [left, right] = await Promise.all([agents.startPair(['l-0', 'l-1']), agents.startPair(['r-0', 'r-1'])]);
    const between = await agents.start('x', '--join', `${left[0].gossip},${right[1].gossip}`);
    const all = allHealthy('l-0', 'l-1', 'r-0', 'r-1', 'x');
    await Promise.all(
      [...left, ...right, between].map(async (agent) => agent.waitFor(all, 5_000, 'one mesh of all five')),
    );
    measured('two halves one mesh after ready', performance.now() - between.readyAt);
  });

  test('needs no bootstrap node where there is a snapshot', async (context) => {
    const agents = agentsOf(context);
    const data = ['--data-dir', join(await agents.directory(), 'not', 'there', 'yet')] as const;
    const first = await agents.start('first');
    const second = await agents.start('second', '--join', first.gossip, ...data);
    await eventually({
      what: 'the snapshot names the peer',
      deadlineMs: 5_000,
      read: async () => readFile(join(data[1], SNAPSHOT), 'utf8'),
      until: (text) => text.includes(first.gossip),
    });
    second.kill('SIGKILL');
    await second.exited;
    const again = await agents.start('second', ...data, '--label', 'life=second');
    await again.waitFor(allHealthy('first', 'second'), 5_000, 'both');
    await first.waitFor(
      (members) => members.some(({ address, peerState }) => address === again.gossip && peerState === 'HEALTHY'),
      5_000,
      'the second life',
    );
    measured('rejoined from the snapshot after ready', performance.now() - again.readyAt);
  });

  test.for([
    { what: 'damaged', code: 'SNAPSHOT_DAMAGED', spoil: () => 'not{ "JSON' },
    { what: 'cut short', code: 'SNAPSHOT_DAMAGED', spoil: (good: string) => good.slice(0, good.length / 2) },
    {
      what: 'of another mesh',
      code: 'SNAPSHOT_OTHER_MESH',
      spoil: (good: string) => good.replace(/"mesh": "[^"]*"/, '"mesh": "elsewhere"'),
    },
  ])('sets a snapshot aside that is $what', async ({ code, spoil }, context) => {
    const agents = agentsOf(context);
    const directory = await agents.directory();
    const file = join(directory, SNAPSHOT);
    const former = await agents.start('node', '--data-dir', directory);
    former.kill('SIGTERM');
    await former.exited;
    const spoilt = spoil(await readFile(file, 'utf8'));
    await writeFile(file, spoilt);

    const agent = await agents.start('node', '--data-dir', directory);
    const warnings = agent.log.filter(({ level }) => level === 'warn' || level === 'error');
    expect(warnings).toMatchObject([
      { code, msg: 'the snapshot is not used', setAside: expect.any(String) },
      { code: 'NO_API_ENDPOINT' },
    ]);
    expect(await readFile(String(warnings[0]?.['setAside']), 'utf8')).toBe(spoilt);
    expect((await agent.get('/readyz')).status).toBe(200);
    await eventually({
      what: 'a new snapshot',
      deadlineMs: 5_000,
      read: async () => JSON.parse(await readFile(file, 'utf8')) as { readonly mesh: string },
      until: ({ mesh }) => mesh === agents.mesh,
    });
    expect(await readdir(directory)).toHaveLength(2);
  });

  test.for([
    { what: 'is a file', below: '' },
    { what: 'lies below a file', below: 'data' },
  ])('says once that the data directory $what, and goes on', async ({ below }, context) => {
    const agents = agentsOf(context);
    const file = join(await agents.directory(), 'occupied');
    await writeFile(file, 'something else');
    const agent = await agents.start('node', '--data-dir', join(file, below));
    await eventually({
      what: 'a write that failed',
      deadlineMs: 5_000,
      read: async () => agent.metrics(),
      until: (metrics) => metrics.value('muster_snapshot_writes_total', { result: 'failed' }) > 0,
      show: () => 'none',
    });
    expect((await agent.get('/readyz')).status).toBe(200);
    // The last write, on the way out, fails as well, and is not told again.
    agent.kill('SIGTERM');
    expect(await agent.exited).toStrictEqual({ code: 0, signal: null });
    const told = agent.log.filter((line) => String(line.code).startsWith('SNAPSHOT_'));
    expect(told).toMatchObject([
      { level: 'error', code: 'SNAPSHOT_NOT_WRITTEN', problem: expect.stringContaining(file) },
    ]);
    expect(agent.other).toStrictEqual([]);
    expect(await readFile(file, 'utf8')).toBe('something else');
  });
});

/** The same names in any order. */
function names(wanted: readonly string[]) {
  return (given: readonly string[]) => given.toSorted().join() === wanted.toSorted().join();
}
