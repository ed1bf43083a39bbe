import { describe, expect, test } from 'vitest';
import { allHealthy } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';

const FAST = ['--gossip-interval', '200ms'];
const METADATA = '/api/v1alpha1/local/metadata';

describe('local control of a real agent', () => {
  test('what the node is told of its cluster, the others know within a few cycles', async (context) => {
    const [first, second] = await agentsOf(context).startPair(['first', 'second'], ...FAST);
    const metadata = { apiEndpoint: 'https://api.example.com', apiPort: 8443, labels: { env: 'prod' } };

    const answer = await first.send('PUT', METADATA, metadata);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: 'first', state: metadata });
    const sees = async (state: object, what: string): Promise<number> =>
      second.waitFor(
        (members) => JSON.stringify(members.find(({ id }) => id === 'first')?.state) === JSON.stringify(state),
        3_000,
        what,
      );
    await sees(metadata, 'the new metadata');

    expect((await first.send('PATCH', METADATA, { labels: { env: null, zone: 'a' } })).status).toBe(200);
    await sees({ ...metadata, labels: { zone: 'a' } }, 'the patched metadata');

    const [before] = await first.memberlist();
    await first.send('PATCH', METADATA, { apiPort: 8443 });
    expect((await first.memberlist())[0]?.version).toBe(before?.version);
  });

  test('what it was told outlasts a restart, until the configuration says something new', async (context) => {
    const agents = agentsOf(context);
    const directory = await agents.directory();
    const start = async (...flags: string[]) => agents.start('told', '--data-dir', directory, ...flags);
    const state = async (agent: Awaited<ReturnType<typeof start>>) => (await agent.memberlist())[0]?.state;
    const endpoint = ['--api-endpoint', 'https://flag.example.com'];
    const first = await start('--label', 'env=dev', ...endpoint);
    await first.send('PATCH', METADATA, { apiPort: 8443, labels: { env: 'prod' } });
    first.kill('SIGTERM');
    await first.exited;

    const told = { apiEndpoint: 'https://flag.example.com', apiPort: 8443, labels: { env: 'prod' } };
    const second = await start('--label', 'env=dev', ...endpoint);
    expect(await state(second)).toEqual(told);
    expect(second.logged('METADATA_RESTORED')).toMatchObject([{ told }]);
    second.kill('SIGKILL');
    await second.exited;

    const third = await start('--label', 'env=test', ...endpoint);
    expect(await state(third)).toEqual({ ...told, labels: { env: 'test' } });
  });

  test('it joins, forgets a dead member but no live one, and leaves while it goes on to serve', async (context) => {
    const agents = agentsOf(context);
    const [first, second, third] = await agents.startThree(['first', 'second', 'third'], ...FAST);
    const loner = await agents.start('loner', ...FAST);
    expect((await loner.send('POST', '/api/v1alpha1/local/join', { targets: [first.gossip] })).status).toBe(202);
    await loner.waitFor(allHealthy('first', 'loner', 'second', 'third'), 5_000, 'it has joined');

    const forget = async () => first.send('DELETE', '/api/v1alpha1/members/second');
    expect((await forget()).status).toBe(409);
    second.kill('SIGKILL');
    await eventually({ what: 'second is forgotten', deadlineMs: 10_000, read: forget, until: ({ ok }) => ok });
    expect((await first.memberlist()).map(({ id }) => id)).not.toContain('second');
    expect(first.logged('FORGOTTEN')).toMatchObject([{ member: 'second' }]);
    expect((await forget()).status).toBe(404);

    const left = await first.send('POST', '/api/v1alpha1/local/leave');
    expect(await left.json()).toEqual({ acknowledged: 2 });
    expect((await first.get('/readyz')).status).toBe(503);
    await third.waitFor((members) => members.some(({ id, left }) => id === 'first' && left === true), 3_000, 'it left');
    expect((await first.send('PATCH', METADATA, {})).status).toBe(409);
    first.kill('SIGTERM');
    expect(await first.exited).toMatchObject({ code: 0 });
  });
});
