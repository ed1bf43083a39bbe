import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, type TestContext, test } from 'vitest';
import { DemoNetwork } from '../../src/cli/demo-network.ts';
import { allHealthy, type MemberJson } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';

const BRISK = ['--gossip-interval', '200ms'];

function network({ onTestFinished }: TestContext): DemoNetwork {
  const made = new DemoNetwork();
  onTestFinished(() => made.close());
  return made;
}

/** Asks a proxy for a way to an address: its answer, and the connection. */
async function connectThrough(proxy: string, address: string): Promise<readonly [number | undefined, Socket]> {
  const asked = request(`http://${proxy}`, { method: 'CONNECT', path: address });
  asked.end();
  const [answer, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket];
  return [answer.statusCode, socket];
}

/** Tells whether exactly these members are shown DEAD. */
function dead(...ids: readonly string[]): (members: readonly MemberJson[]) => boolean {
  return (members) => {
    const shown = members.filter(({ peerState }) => peerState === 'DEAD').map(({ id }) => id);
    return shown.join() === ids.join();
  };
}

describe.concurrent('the way of gossip through a proxy', () => {
  test('is the only one, so that who is cut off there is cut off', async (context) => {
    const agents = agentsOf(context);
    const between = network(context);
    const proxied = async (id: string): Promise<string[]> => [...BRISK, '--gossip-proxy', await between.attach(id)];
    const a = await agents.start('a', ...(await proxied('a')));
    const b = await agents.start('b', '--join', a.gossip, ...(await proxied('b')));
    const c = await agents.start('c', '--join', a.gossip, ...(await proxied('c')));
    for (const agent of [a, b, c]) between.place(agent.id, agent.gossip);
    const whole = allHealthy('a', 'b', 'c');
    await Promise.all([a, b, c].map(async (agent) => agent.waitFor(whole, 10_000, 'all three')));

    between.cut('c');
    await Promise.all([
      a.waitFor(dead('c'), 10_000, 'c is dead'),
      b.waitFor(dead('c'), 10_000, 'c is dead'),
      c.waitFor(dead('a', 'b'), 10_000, 'all others are dead'),
    ]);

    between.mend('c');
    await Promise.all([a, b, c].map(async (agent) => agent.waitFor(whole, 10_000, 'all three again')));
  });

  test('fails where the proxy does not answer or refuses', async (context) => {
    const agents = agentsOf(context);
    const peer = await agents.start('peer', ...BRISK);
    const gone = network(context);
    const proxy = await gone.attach('lonely');
    gone.close();
    const lonely = await agents.start('lonely', '--join', peer.gossip, '--gossip-proxy', proxy, ...BRISK);
    const readiness = await lonely.get('/readyz');
    expect(await readiness.json()).toMatchObject({ waitingFor: [peer.gossip] });
    expect((await lonely.memberlist()).map(({ id }) => id)).toEqual(['lonely']);
    expect(lonely.isRunning).toBe(true);
  });

  test('holds back what is sent over a cut, and delivers it when that is mended', async (context) => {
    const between = network(context);
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    context.onTestFinished(() => void echo.close());
    await once(echo, 'listening');
    const there = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
    between.place('echo', there);
    const [, early] = await connectThrough(await between.attach('early'), there);
    between.cut('echo');
    early.write('held');
    const late = connectThrough(await between.attach('late'), there);
    const first = Promise.race([late.then(() => 'a call'), once(early, 'data').then(() => 'a byte')]);
    // Far longer than either takes where nothing is cut, which is a few milliseconds.
    expect(await Promise.race([first, delay(300, 'nothing')])).toBe('nothing');
    const answer = once(early, 'data');
    between.mend('echo');
    expect(String((await answer)[0])).toBe('held');
    const [status] = await late;
    expect(status).toBe(200);
  });

  test('of the demo leads to loopback only', async (context) => {
    const [status] = await connectThrough(await network(context).attach('a'), '192.0.2.1:7946');
    expect(status).toBe(403);
  });
});
