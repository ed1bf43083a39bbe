import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MEMBERLIST } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { EventSourceClient } from '../helpers/event-source.ts';
import { eventually } from '../helpers/eventually.ts';
import { HttpLoad } from '../helpers/http-load.ts';
import { measured } from '../helpers/measured.ts';

const DRAIN_MS = 5_000;

/** A connection that stays open. */
async function connected(address: string): Promise<Socket> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect(Number(port), host);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** A connection with half a request on it, which keeps a closing server waiting. */
async function unfinishedRequest(address: string): Promise<void> {
  (await connected(address)).write('GET / HTTP/1.1\r\nHost: x\r\n');
}

describe('stopping under load', () => {
  test('no request that was accepted fails, watchers are told, and the exit is 0 in time', async (context) => {
    const agents = agentsOf(context);
    const [agent, other] = await agents.startPair(['agent', 'other'], '--drain-timeout', `${DRAIN_MS}ms`);
    const watcher = new EventSourceClient(`http://${agent.http}${MEMBERLIST}?watch=true`);
    const load = new HttpLoad(`http://${agent.http}${MEMBERLIST}`, 50);
    await eventually({
      what: 'the load is on',
      deadlineMs: 10_000,
      read: () => load.answered,
      until: (requests) => requests > 500,
    });

    const askedAt = performance.now();
    agent.kill('SIGTERM');
    await load.ended;
    expect(await agent.exited).toStrictEqual({ code: 0, signal: null });
    expect(measured('SIGTERM under load to the exit', performance.now() - askedAt)).toBeLessThan(DRAIN_MS);
    expect(load.failures).toEqual([]);
    expect(watcher.told().slice(-2)).toEqual(['MODIFIED agent', 'ENDED shutdown']);
    const steps = agent.log.flatMap(({ code }) => code ?? []).filter((code) => code !== 'MEMBER_CHANGED');
    expect(steps.slice(-4)).toEqual(['STOPPING', 'LEAVING', 'LEFT', 'STOPPED']);
    await other.waitFor((members) => members.some(({ id, left }) => id === 'agent' && left === true), 3_000, 'it left');
  });

  test('a connection that has never carried anything keeps nobody waiting', async (context) => {
    const agent = await agentsOf(context).start('agent', '--drain-timeout', '10s');
    await connected(agent.http);
    // What is answered now came after it.
    expect((await fetch(`http://${agent.http}/livez`)).status).toBe(200);
    const askedAt = performance.now();
    agent.kill('SIGTERM');
    expect(await agent.exited).toStrictEqual({ code: 0, signal: null });
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    expect(agent.logged('DRAIN_TIMEOUT')).toEqual([]);
  });

  test('what does not end within the drain time is cut short', async (context) => {
    const agent = await agentsOf(context).start('agent', '--drain-timeout', '2s');
    await unfinishedRequest(agent.http);
    const askedAt = performance.now();
    agent.kill('SIGTERM');
    expect(await agent.exited).toStrictEqual({ code: 0, signal: null });
    const took = performance.now() - askedAt;
    expect(took).toBeGreaterThan(1_000);
    expect(took).toBeLessThan(2_000);
    expect(agent.logged('DRAIN_TIMEOUT')).toMatchObject([{ unfinished: 'requests' }]);
  });

  test('a second signal ends at once', async (context) => {
    const agent = await agentsOf(context).start('agent');
    await unfinishedRequest(agent.http);
    agent.kill('SIGTERM');
    await eventually({ what: 'it stops', deadlineMs: 3_000, read: () => agent.logged('LEFT').length, until: Boolean });
    const askedAt = performance.now();
    agent.kill('SIGTERM');
    expect(await agent.exited).toStrictEqual({ code: 1, signal: null });
    expect(performance.now() - askedAt).toBeLessThan(1_000);
  });
});
