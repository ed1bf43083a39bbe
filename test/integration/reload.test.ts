import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AgentProcess, allHealthy } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';

async function logged(agent: AgentProcess, code: string, count: number): Promise<void> {
  await eventually({
    what: `${count} ${code}`,
    deadlineMs: 10_000,
    read: () => agent.logged(code).length,
    until: (seen) => seen >= count,
  });
}

describe('reloading the configuration', () => {
  test('a changed file is taken in, as far as it can be; a broken one changes nothing and says why', async (context) => {
    const agents = agentsOf(context);
    const other = await agents.start('other');
    const file = join(await agents.directory(), 'muster.yaml');
    const write = async (text: string): Promise<void> => {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    };
    await write('cluster: { apiPort: 1, labels: { env: dev } }\n');
    const agent = await agents.start('agent', '--config', file, '--api-endpoint', 'https://flag.example.com');
    const state = async () => (await agent.memberlist()).find(({ isLocal }) => isLocal)?.state;
    expect(await state()).toEqual({ apiEndpoint: 'https://flag.example.com', apiPort: 1, labels: { env: 'dev' } });

    await write(`
cluster: { apiPort: 2, apiEndpoint: 'https://file.example.com', labels: { env: prod } }
gossip: { bootstrapPeers: ['${other.gossip}'], interval: 2s }
log: { level: debug }
`);
    await logged(agent, 'RELOADED', 1);
    const after = { apiEndpoint: 'https://flag.example.com', apiPort: 2, labels: { env: 'prod' } };
    expect(await state()).toEqual(after);
    expect(agent.logged('RELOADED')).toMatchObject([
      { changed: ['gossip.bootstrapPeers', 'cluster.apiPort', 'cluster.labels', 'log.level'] },
    ]);
    expect(agent.logged('RESTART_NEEDED')).toMatchObject([{ settings: ['gossip.interval', 'gossip.rpcTimeout'] }]);
    await agent.waitFor(allHealthy('agent', 'other'), 10_000, 'it has met the new peer');
    await logged(agent, 'HTTP_REQUEST', 1);

    await write('cluster: { apiPort: 3, labels: { "-": x } }\n');
    await logged(agent, 'RELOAD_REFUSED', 1);
    expect(agent.logged('RELOAD_REFUSED')[0]?.['problems']).toEqual([expect.stringContaining(`${file}:1`)]);
    expect(await state()).toEqual(after);
  });

  test('SIGHUP reads it anew, and leaves what was set over HTTP alone', async (context) => {
    const agents = agentsOf(context);
    const file = join(await agents.directory(), 'muster.yaml');
    await writeFile(file, 'cluster: { apiPort: 1, labels: { env: dev } }\n');
    const agent = await agents.start('agent', '--config', file);
    await agent.send('PATCH', '/api/v1alpha1/local/metadata', { labels: { env: 'prod' } });
    agent.kill('SIGHUP');
    await logged(agent, 'RELOADED', 1);
    expect(agent.logged('RELOADED')).toMatchObject([{ changed: [] }]);
    const [local] = await agent.memberlist();
    expect(local?.state).toEqual({ apiEndpoint: '', apiPort: 1, labels: { env: 'prod' } });
  });
});
