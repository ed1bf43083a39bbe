import { describe, expect, it } from 'vitest';
import { LOCAL_INFO_PATH as INFO } from '../../../src/http/paths.ts';
import { member, NOON, setUp, standing } from './fixture.ts';
import { bearer, READ_TOKEN, setUpSecured } from './secured.ts';

describe('what a node has to say of itself', () => {
  it('is who and where it is, how it stands, and how its mesh is', async () => {
    const { app, port, clock } = setUp();
    const left = { state: 'DEAD', left: true } as const;
    port.list = [
      member('a', { reachability: 'indirect' }),
      member('b', { state: 'SUSPECTED_DEAD' }),
      member('c', { state: 'DEAD', reachability: 'indirect' }),
      member('d', left),
      member('prod-eu', { isLocal: true, version: 42, decoded: { labels: { env: 'prod' } } }),
    ];
    await app.ready();
    clock.wall += 60_000;
    const answer = await app.inject(INFO);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toEqual({
      id: 'prod-eu',
      mesh: 'fleet',
      gossipAddress: '10.0.3.7:7946',
      version: 42,
      state: { apiEndpoint: 'https://api.prod-eu.example.com:6443', apiPort: 6443, labels: { env: 'prod' } },
      readiness: { status: 'ready' },
      members: { total: 5, healthy: 2, suspected: 1, dead: 1, left: 1, indirect: 1 },
      startedAt: new Date(NOON).toISOString(),
      software: { muster: '1.2.3', node: process.version },
    });
  });

  it('has the address of its HTTP server once that listens', async () => {
    const { app } = setUp();
    await app.listen({ host: '127.0.0.1', port: 0 });
    try {
      const { httpAddress } = (await app.inject(INFO)).json<{ httpAddress: string }>();
      expect(httpAddress).toMatch(/^127\.0\.0\.1:\d+$/);
    } finally {
      await app.close();
    }
  });

  it('tells why it is not ready, and is answered all the same', async () => {
    const { app, port } = setUp();
    port.stands = standing({ leaving: true, isolated: true });
    const answer = await app.inject(INFO);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ readiness: { status: 'not_ready', reason: 'leaving', isolated: true } });
  });

  it('is for those who may read', async () => {
    const { app } = setUpSecured();
    expect((await app.inject(INFO)).statusCode).toBe(401);
    expect((await app.inject({ url: INFO, headers: bearer(READ_TOKEN) })).statusCode).toBe(200);
  });
});
