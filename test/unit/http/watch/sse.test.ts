import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../helpers/eventually.ts';
import { MEMBERLIST, member, NOON } from '../fixture.ts';
import { served, toldBy } from './served.ts';

const prod = { decoded: { labels: { env: 'prod' } } };
const dev = { decoded: { labels: { env: 'dev' } } };

describe('a watch of the memberlist', () => {
  it('tells the whole list, that it is complete, and then every change', async () => {
    const { port, watch } = await served();
    port.list = [];
    for (const id of ['a', 'b']) port.put(member(id));
    const client = watch();
    await toldBy(client, 3);
    port.put(member('c'));
    port.put(member('b', { state: 'SUSPECTED_DEAD' }));
    port.remove('c');
    expect(await toldBy(client, 6)).toEqual(['ADDED a', 'ADDED b', 'SYNCED 2', 'ADDED c', 'MODIFIED b', 'DELETED c']);
  });

  it('is an event stream that nobody may keep or gather, with a time to come back after', async () => {
    const { watch } = await served();
    const client = watch();
    const { statusCode, headers } = await client.response();
    await toldBy(client, 2);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(client.retryMs).toBeGreaterThanOrEqual(1_000);
    expect(client.retryMs).toBeLessThanOrEqual(2_000);
  });

  it('goes on for longer than an answer may take to begin', async () => {
    const { port, watch } = await served({ handlerTimeout: 50 });
    const client = watch();
    await toldBy(client, 2);
    await delay(150);
    port.put(member('later'));
    expect(await toldBy(client, 3)).toEqual(['ADDED prod-eu', 'SYNCED 1', 'ADDED later']);
  });

  it('shows a member as the memberlist does, under the name of its event', async () => {
    const { app, watch } = await served();
    const client = watch();
    await toldBy(client, 2);
    const [listed] = (await app.inject(MEMBERLIST)).json<object[]>();
    expect(client.events[0]).toEqual({
      event: 'ADDED',
      id: undefined,
      data: { type: 'ADDED', member: listed },
    });
    expect(client.events[1]).toMatchObject({ event: 'SYNCED', data: { type: 'SYNCED', count: 1 } });
  });

  it('gives no event for lastSeen alone', async () => {
    const { port, watch } = await served();
    const client = watch();
    await toldBy(client, 2);
    port.put(member('y'));
    port.put(member('y', { lastSeen: NOON }));
    port.put(member('z'));
    expect(await toldBy(client, 4)).toEqual(['ADDED prod-eu', 'SYNCED 1', 'ADDED y', 'ADDED z']);
  });

  it('adds a member that comes to match its query and deletes one that ceases to', async () => {
    const { port, watch } = await served();
    port.list = [];
    port.put(member('a', prod));
    port.put(member('b', dev));
    const client = watch('&labelSelector=env%3Dprod&peerState=HEALTHY');
    await toldBy(client, 2);
    port.put(member('b', { ...prod, version: 8 }));
    port.put(member('b', { ...prod, version: 9 }));
    port.put(member('a', { ...dev, version: 8 }));
    port.put(member('a', { ...dev, version: 9 }));
    port.put(member('b', { ...prod, version: 9, state: 'DEAD' }));
    port.remove('b');
    port.put(member('c', prod));
    expect(await toldBy(client, 7)).toEqual([
      'ADDED a',
      'SYNCED 1',
      'ADDED b',
      'MODIFIED b',
      'DELETED a',
      'DELETED b',
      'ADDED c',
    ]);
    expect(client.events[4]?.data.member).toMatchObject({ id: 'a', version: 8 });
  });

  it('tells that it lives with bookmarks, whose id is as good as that of a change', async () => {
    const { port, watch } = await served({ watching: { heartbeatMs: 20 } });
    const client = watch();
    port.put(member('z'));
    await eventually({
      what: 'two bookmarks',
      deadlineMs: 5_000,
      read: () => client.events.filter(({ event, id }) => event === 'BOOKMARK' && id === 'life1-1'),
      until: (bookmarks) => bookmarks.length >= 2,
    });
  });

  it('ends with a last event when the node stops', async () => {
    const { app, watch } = await served();
    const client = watch();
    await toldBy(client, 2);
    await app.close();
    expect(await toldBy(client, 3)).toContain('ENDED shutdown');
    expect(client.lastEventId).toBe('life1-0');
  });

  it.each(['yes', 'TRUE', '', 'true&watch=true'])('refuses watch=%s', async (value) => {
    const { app } = await served();
    const answer = await app.inject(`${MEMBERLIST}?watch=${value}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_WATCH' });
  });

  it('is a plain memberlist with watch=false', async () => {
    const { app } = await served();
    expect((await app.inject(`${MEMBERLIST}?watch=false`)).json()).toHaveLength(1);
  });

  it.each([
    ['a bad selector', '&labelSelector=%21%21', {}, 400, 'BAD_LABEL_SELECTOR'],
    ['a client that wants another form', '', { accept: 'application/json' }, 406, 'NOT_ACCEPTABLE'],
  ])('refuses %s', async (_what, query, headers, status, code) => {
    const { app } = await served();
    const answer = await app.inject({ url: `${MEMBERLIST}?watch=true${query}`, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
  });

  it('answers HEAD without a stream', async () => {
    const { app, metrics } = await served();
    const answer = await app.inject({ method: 'HEAD', url: `${MEMBERLIST}?watch=true` });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect((await metrics.watchers.get()).values).toContainEqual({ labels: { transport: 'sse' }, value: 0 });
  });

  it('counts who watches, and forgets those who go', async () => {
    const { metrics, watch } = await served();
    const watching = async () =>
      (await metrics.watchers.get()).values.find(({ labels }) => labels.transport === 'sse')?.value;
    const client = watch();
    await toldBy(client, 2);
    expect(await watching()).toBe(1);
    client.close();
    await eventually({ what: 'nobody watches', deadlineMs: 5_000, read: watching, until: (count) => count === 0 });
  });

  it('turns away one watcher too many, in a way that lets it come back', async () => {
    const { watch } = await served({ watching: { maxWatchers: 1 } });
    await toldBy(watch(), 2);
    const second = watch();
    expect(await toldBy(second, 1)).toEqual(['ENDED too_many_watchers']);
    expect((await second.response()).statusCode).toBe(200);
  });
});
