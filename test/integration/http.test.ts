import { describe, expect, test } from 'vitest';
import { MEMBERLIST, type MemberJson } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';
import { measured } from '../helpers/measured.ts';

describe.concurrent('the HTTP server of an agent', () => {
  test('serves the memberlist as JSON, with its revision as entity tag, and as a page', async (context) => {
    const agents = agentsOf(context);
    const cluster = [
      '--api-endpoint',
      'https://api.prod-eu.example.com:6443',
      '--api-port',
      '3080',
      '--label',
      'env=prod',
    ];
    const [agent, other] = await agents.startPair(['prod-eu', 'prod-us'], ...cluster);

    const answer = await agent.get(MEMBERLIST);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('vary')).toBe('Accept');
    const members = (await answer.json()) as MemberJson[];
    const state = { apiEndpoint: 'https://api.prod-eu.example.com:6443', apiPort: 3080, labels: { env: 'prod' } };
    const [own, peer] = members.map(({ lastSeen: _seen, version: _version, ...rest }) => rest);
    const common = { state, peerState: 'HEALTHY', reachability: 'direct' };
    expect(own).toStrictEqual({ id: 'prod-eu', address: agent.gossip, isLocal: true, ...common });
    expect(peer).toStrictEqual({ id: 'prod-us', address: other.gossip, isLocal: false, ...common });
    for (const { lastSeen, version } of members) {
      expect(new Date(lastSeen).toISOString()).toBe(lastSeen);
      expect(Math.abs(Date.now() - Date.parse(lastSeen))).toBeLessThan(5_000);
      expect(Math.abs(Date.now() - version)).toBeLessThan(60_000);
    }

    await eventually({
      what: 'an unchanged list is not sent again',
      // The tag follows the clock by the second, so one try may fall on its turn.
      deadlineMs: 3_000,
      read: async () => {
        const tag = (await agent.get(MEMBERLIST)).headers.get('etag') ?? 'none';
        const again = await agent.get(MEMBERLIST, { 'if-none-match': tag });
        return { status: again.status, body: await again.text() };
      },
      until: ({ status, body }) => status === 304 && body === '',
    });

    const page = await agent.get(MEMBERLIST, { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).toMatch(/^<!doctype html>/i);
    for (const text of ['prod-eu', 'prod-us', 'https://api.prod-eu.example.com:6443']) expect(html).toContain(text);
    expect((await agent.get(MEMBERLIST, { accept: 'image/png' })).status).toBe(406);
  });

  test('serves metrics that tell of the mesh and the process', async (context) => {
    const [agent] = await agentsOf(context).startPair(['a', 'b']);
    const answer = await agent.get('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const metrics = await agent.metrics();
    expect(metrics.value('muster_members', { state: 'HEALTHY' })).toBe(2);
    expect(metrics.value('muster_members', { state: 'DEAD' })).toBe(0);
    expect(metrics.value('muster_grpc_received_bytes_total')).toBeGreaterThan(0);
    expect(metrics.value('process_resident_memory_bytes')).toBeGreaterThan(10 * 2 ** 20);
    const now = Date.now() / 1_000;
    expect(Math.abs(now - metrics.value('muster_last_contact_timestamp_seconds'))).toBeLessThan(10);
  });

  test('says on /readyz that the node is leaving, for as long as it takes', async (context) => {
    const agents = agentsOf(context);
    const [agent, silent] = await agents.startPair(['leaver', 'silent'], '--rpc-timeout', '10s');
    expect((await agent.get('/readyz')).status).toBe(200);
    silent.kill('SIGSTOP');
    const askedAt = performance.now();
    agent.kill('SIGTERM');
    await eventually({
      what: 'it is leaving',
      deadlineMs: 4_000,
      read: async () => {
        const answer = await agent.get('/readyz');
        return { status: answer.status, body: await answer.text() };
      },
      until: ({ status }) => status === 503,
    });
    expect(await (await agent.get('/readyz')).json()).toStrictEqual({ status: 'not_ready', reason: 'leaving' });
    expect((await agent.get('/livez')).status).toBe(200);
    expect(await agent.exited).toStrictEqual({ code: 0, signal: null });
    const took = measured('leave that nobody hears', performance.now() - askedAt);
    expect(took).toBeGreaterThan(4_500);
    expect(took).toBeLessThan(6_000);
  });
});
