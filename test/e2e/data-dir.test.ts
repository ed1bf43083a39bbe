import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentProcess } from '../helpers/agent-process.ts';
import { eventually } from '../helpers/eventually.ts';
import { measured } from '../helpers/measured.ts';
import { labOf } from './lab/lab.ts';
import { SmallDisk } from './lab/small-disk.ts';

/** The keeper tries a disk again after 10 s. */
const WRITTEN_AGAIN_MS = 15_000;

test('a node whose snapshot is damaged says so and rejoins through its bootstrap address', async (context) => {
  const lab = labOf(context, 2);
  const [host, seed] = [lab.host(1), lab.host(0)];
  const directory = await lab.agents.directory();
  const flags = ['--data-dir', directory, '--join', seed.gossip];
  const peer = await lab.start(seed);
  const former = await lab.start(host, flags);
  await lab.formed([peer, former]);
  former.kill('SIGKILL');
  await former.exited;
  await writeFile(join(directory, 'snapshot.json'), '{"format":1,"mesh":"');
  const agent = await lab.start(host, flags);
  measured('damaged snapshot: rejoined', await lab.formed([peer, agent]));
  expect(agent.logged('SNAPSHOT_DAMAGED')).toHaveLength(1);
});

test.for([
  {
    what: 'full',
    problem: 'ENOSPC',
    spoil: (disk: SmallDisk) => disk.fill(),
    mend: (disk: SmallDisk) => disk.empty(),
  },
  {
    what: 'read-only',
    problem: 'EROFS',
    spoil: (disk: SmallDisk) => disk.makeReadOnly(),
    mend: (disk: SmallDisk, pid: number) => disk.makeWritable(pid),
  },
])(
  'a node whose data directory is $what says so once, runs on, and rejoins',
  async ({ what, problem, spoil, mend }, context) => {
    const lab = labOf(context, 3);
    const [host, seed, third] = [lab.host(1), lab.host(0), lab.host(2)];
    const disk = new SmallDisk(await lab.agents.directory());
    context.onTestFinished(() => disk.remove());
    const peer = await lab.start(seed);
    const agent = await lab.start(host, ['--data-dir', disk.path, '--join', seed.gossip]);
    await lab.formed([peer, agent]);
    await writesOf(agent, 'ok');

    spoil(disk);
    const late = await lab.start(third, ['--join', seed.gossip]);
    await lab.formed([peer, agent, late]);
    await writesOf(agent, 'failed');
    expect(agent.logged('SNAPSHOT_NOT_WRITTEN')).toMatchObject([
      { level: 'error', problem: expect.stringContaining(problem) },
    ]);

    agent.kill('SIGKILL');
    await agent.exited;
    const reborn = await lab.start(host, ['--data-dir', disk.path]);
    measured(`${what} data directory: rejoined from the snapshot`, await lab.formed([peer, reborn, late]));
    await writesOf(reborn, 'failed');
    mend(disk, reborn.pid);
    await eventually({
      what: 'the snapshot is written again',
      deadlineMs: WRITTEN_AGAIN_MS,
      read: () => reborn.logged('SNAPSHOT_WRITTEN').length,
      until: (lines) => lines === 1,
    });
    expect(reborn.logged('SNAPSHOT_NOT_WRITTEN')).toHaveLength(1);
  },
);

async function writesOf(agent: AgentProcess, result: 'ok' | 'failed'): Promise<void> {
  await eventually({
    what: `a write of the snapshot with the result ${result}`,
    deadlineMs: 5_000,
    read: async () => agent.metrics(),
    until: (metrics) => metrics.value('muster_snapshot_writes_total', { result }) > 0,
    show: () => 'none',
  });
}
