import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../../helpers/eventually.ts';
import { WatchSocket } from '../../../helpers/watch-socket.ts';
import { MEMBERLIST, member, NOON } from '../fixture.ts';
import { served, toldBy } from './served.ts';

const prod = { decoded: { labels: { env: 'prod' } } };
const dev = { decoded: { labels: { env: 'dev' } } };

async function connected(options: Parameters<typeof served>[0] = {}) {
  const set = await served(options);
  const client = await new WatchSocket(set.address).open();
  onTestFinished(() => client.socket.terminate());
  return { ...set, client };
}

async function closeCodeOf(client: WatchSocket): Promise<number | undefined> {
  const read = () => client.closeCode;
  await eventually({ what: 'it closed', deadlineMs: 5_000, read, until: (code) => code !== undefined });
  return client.closeCode;
}

describe('the WebSocket', () => {
  it('carries several watches, each with a selection of its own, in one envelope', async () => {
    const { port, client } = await connected();
    port.list = [];
    port.put(member('a', prod));
    client.subscribe('watch:prod', { labelSelector: 'env=prod' });
    client.subscribe('watch:dead', { peerState: 'DEAD' });
    await client.toldBy('watch:prod', 2);
    await client.toldBy('watch:dead', 1);
    port.put(member('b', dev));
    port.put(member('b', { ...prod, version: 8 }));
    port.put(member('a', { ...prod, state: 'DEAD' }));
    expect(await client.toldBy('watch:prod', 4)).toEqual(['ADDED a', 'SYNCED 1', 'ADDED b', 'MODIFIED a']);
    expect(await client.toldBy('watch:dead', 2)).toEqual(['SYNCED 0', 'ADDED a']);

    const first = client.messages.find(({ type }) => type === 'resource_watch');
    expect(first).toEqual({
      type: 'resource_watch',
      sessionID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      channel: 'watch:prod',
      payload: { type: 'ADDED', member: expect.objectContaining({ id: 'a', peerState: 'HEALTHY' }) },
      timestamp: new Date(NOON).toISOString(),
    });
    expect(new Set(client.messages.map(({ sessionID }) => sessionID)).size).toBe(1);
  });

  it('confirms a subscription, ends it without the connection, and lets its name be used again', async () => {
    const { port, client } = await connected();
    client.subscribe('watch:1');
    client.subscribe('watch:2');
    await client.toldBy('watch:2', 2);
    client.send({ type: 'unsubscribe', channel: 'watch:1' });
    await eventually({
      what: 'it is confirmed',
      deadlineMs: 5_000,
      read: () => client.messages.map(({ type, channel }) => `${type} ${channel}`),
      until: (seen) => seen.includes('subscribe watch:1') && seen.includes('unsubscribe watch:1'),
    });
    port.put(member('z'));
    expect(await client.toldBy('watch:2', 3)).toContain('ADDED z');
    expect(client.told('watch:1')).toEqual(['ADDED prod-eu', 'SYNCED 1']);
    client.subscribe('watch:1');
    expect(await client.toldBy('watch:1', 5)).toContain('SYNCED 2');
  });

  it('resumes after the id that a channel was told last, or says that it can not', async () => {
    const { port, client } = await connected();
    client.subscribe('watch:1');
    await client.toldBy('watch:1', 2);
    const synced = client.messages.find(({ payload }) => payload.type === 'SYNCED')?.payload.id;
    expect(synced).toBe('life1-0');
    port.put(member('z'));
    client.subscribe('watch:again', { resumeFrom: synced });
    client.subscribe('watch:never', { resumeFrom: 'life0-0' });
    expect(await client.toldBy('watch:again', 2)).toEqual(['ADDED z', 'BOOKMARK']);
    expect(await client.toldBy('watch:never', 1)).toEqual(['ENDED resume_impossible']);
  });

  it('answers a ping with what it carried', async () => {
    const { client } = await connected();
    client.send({ type: 'ping', payload: { at: 7 } });
    expect(await client.message(0)).toMatchObject({ type: 'pong', payload: { at: 7 } });
    client.send({ type: 'ping' });
    expect(await client.message(1)).toMatchObject({ type: 'pong', payload: {} });
  });

  it.each([
    ['no JSON', '{', 'BAD_MESSAGE', 'not JSON'],
    ['another type', { type: 'terminal_input' }, 'BAD_MESSAGE', 'type'],
    ['no channel', { type: 'subscribe' }, 'BAD_MESSAGE', 'channel'],
    ['another kind of channel', { type: 'subscribe', channel: 'logs:1' }, 'BAD_MESSAGE', 'channel: must be watch:'],
    [
      'a misspelt parameter',
      { type: 'subscribe', channel: 'watch:1', payload: { selector: 'a' } },
      'BAD_MESSAGE',
      'selector',
    ],
    [
      'a bad selector',
      { type: 'subscribe', channel: 'watch:1', payload: { labelSelector: '!!' } },
      'BAD_LABEL_SELECTOR',
      'character',
    ],
    [
      'a bad state',
      { type: 'subscribe', channel: 'watch:1', payload: { peerState: ['HEALTHY', 'ILL'] } },
      'BAD_PEER_STATE',
      'peerState',
    ],
    ['a channel that is not there', { type: 'unsubscribe', channel: 'watch:1' }, 'NO_SUCH_CHANNEL', 'not subscribed'],
  ])('answers %s with an error and goes on', async (_what, message, code, text) => {
    const { client } = await connected();
    client.send(message);
    expect(await client.message(0)).toMatchObject({ type: 'error', payload: { code } });
    expect(client.messages[0]?.payload.message).toContain(text);
    client.send({ type: 'ping' });
    expect(await client.message(1)).toMatchObject({ type: 'pong' });
  });

  it('refuses a channel that is there already, and keeps it', async () => {
    const { port, client } = await connected();
    client.subscribe('watch:1');
    await client.toldBy('watch:1', 2);
    client.subscribe('watch:1');
    expect(await client.message(3)).toMatchObject({
      type: 'error',
      channel: 'watch:1',
      payload: { code: 'CHANNEL_IN_USE' },
    });
    port.put(member('z'));
    expect(await client.toldBy('watch:1', 3)).toEqual(['ADDED prod-eu', 'SYNCED 1', 'ADDED z']);
  });

  it('closes on a client that sends too much at once, or too often', async () => {
    const { client, address } = await connected();
    client.send('x'.repeat(20_000));
    expect(await closeCodeOf(client)).toBe(1009);
    const other = await new WatchSocket(address).open();
    for (let count = 0; count < 2_100; count += 1) other.send({ type: 'pong' });
    expect(await closeCodeOf(other)).toBe(1008);
  });

  it('ends every channel with a last event when the node stops', async () => {
    const { app, client } = await connected();
    client.subscribe('watch:1');
    client.subscribe('watch:2');
    await client.toldBy('watch:2', 2);
    await app.close();
    expect(await closeCodeOf(client)).toBe(1001);
    for (const channel of ['watch:1', 'watch:2']) expect(client.told(channel).at(-1)).toBe('ENDED shutdown');
  });

  it('cuts a client that does not read, with a last event on every channel', async () => {
    const { port, metrics, client, watch } = await connected({ watching: { journalBytes: 200_000 } });
    const reader = watch();
    await toldBy(reader, 2);
    client.subscribe('watch:1');
    client.subscribe('watch:2', { peerState: 'DEAD' });
    await client.toldBy('watch:2', 1);
    client.socket.pause();
    const decoded = { apiEndpoint: `https://${'a'.repeat(1_900)}.example.com` };
    let version = 7;
    await eventually({
      what: 'the journal has moved past it',
      deadlineMs: 20_000,
      read: async () => {
        for (let one = 0; one < 200; one += 1) port.put(member('b', { version: (version += 1), decoded }));
        return (await metrics.watchesEnded.get()).values.find(({ labels }) => labels.reason === 'slow_reader')?.value;
      },
      until: (count) => count === 2,
    });
    client.socket.resume();
    expect(await closeCodeOf(client)).toBe(1013);
    for (const channel of ['watch:1', 'watch:2']) expect(client.told(channel).at(-1)).toBe('ENDED slow_reader');
    expect(reader.ended).toBe(false);
  });

  it('counts its channels and forgets them when the client goes', async () => {
    const { metrics, client } = await connected();
    const watching = async () =>
      (await metrics.watchers.get()).values.find(({ labels }) => labels.transport === 'websocket')?.value;
    client.subscribe('watch:1');
    client.subscribe('watch:2');
    await client.toldBy('watch:2', 2);
    expect(await watching()).toBe(2);
    client.socket.terminate();
    await eventually({ what: 'nobody watches', deadlineMs: 5_000, read: watching, until: (count) => count === 0 });
  });

  it('tells a plain request what it speaks, and takes no upgrade elsewhere', async () => {
    const { app, address } = await connected();
    const answer = await app.inject('/ws');
    expect(answer.statusCode).toBe(426);
    expect(answer.headers['upgrade']).toBe('websocket');
    expect(answer.json()).toMatchObject({ code: 'UPGRADE_REQUIRED' });
    for (const path of ['/nowhere', `${MEMBERLIST}?x=`]) {
      const elsewhere = new WatchSocket(`${address}${path}`);
      expect(await closeCodeOf(elsewhere)).not.toBe(1000);
      expect(elsewhere.messages).toEqual([]);
    }
  });
});
