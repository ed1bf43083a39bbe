import { describe, expect, it } from 'vitest';
import { MEMBERLIST, member, NOON, setUp } from './fixture.ts';

async function ids(app: ReturnType<typeof setUp>['app'], query: string): Promise<string[]> {
  const answer = await app.inject(`${MEMBERLIST}?${query}`);
  expect(answer.statusCode).toBe(200);
  return answer.json<{ id: string }[]>().map(({ id }) => id);
}

function fleet() {
  const made = setUp();
  made.port.list = [
    member('a-prod', { decoded: { labels: { env: 'prod', tier: 'gold' } } }),
    member('b-dev', { state: 'SUSPECTED_DEAD', decoded: { labels: { env: 'dev' } } }),
    member('c-bare', { state: 'DEAD' }),
    member('prod-eu', { isLocal: true, decoded: { labels: { env: 'prod', canary: '' } } }),
  ];
  return made;
}

describe('the memberlist as JSON', () => {
  it('shows each member with the agreed fields', async () => {
    const { app, port } = setUp();
    port.list = [
      member('prod-eu', {
        isLocal: true,
        lastSeen: Date.UTC(2026, 10, 21, 9, 30, 12, 345),
        version: 1_795_253_412_345,
        decoded: { labels: { env: 'prod' } },
      }),
      member('prod-us', { state: 'SUSPECTED_DEAD', address: '[2001:db8::1]:7946', decoded: { apiEndpoint: '' } }),
    ];
    const answer = await app.inject(MEMBERLIST);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toStrictEqual([
      {
        id: 'prod-eu',
        address: '10.0.3.7:7946',
        lastSeen: '2026-11-21T09:30:12.345Z',
        version: 1_795_253_412_345,
        state: { apiEndpoint: 'https://api.prod-eu.example.com:6443', apiPort: 6443, labels: { env: 'prod' } },
        peerState: 'HEALTHY',
        isLocal: true,
        reachability: 'direct',
      },
      {
        id: 'prod-us',
        address: '[2001:db8::1]:7946',
        lastSeen: '2026-11-21T11:59:58.500Z',
        version: 7,
        state: { apiEndpoint: '', apiPort: 6443, labels: {} },
        peerState: 'SUSPECTED_DEAD',
        isLocal: false,
        reachability: 'direct',
      },
    ]);
  });

  it('marks who left by itself, and nobody else', async () => {
    const { app, port } = setUp();
    port.list = [member('crashed', { state: 'DEAD' }), member('gone', { state: 'DEAD', left: true })];
    const [crashed, gone] = (await app.inject(MEMBERLIST)).json<object[]>();
    expect(crashed).not.toHaveProperty('left');
    expect(gone).toMatchObject({ peerState: 'DEAD', left: true });
  });

  it('is made once for a revision and second', async () => {
    const { app, port, clock } = setUp();
    const first = await app.inject(MEMBERLIST);
    clock.wall = NOON + 999;
    const again = await app.inject(MEMBERLIST);
    expect(again.body).toBe(first.body);
    expect(port.asked).toBe(1);

    clock.wall = NOON + 1_000;
    await app.inject(MEMBERLIST);
    expect(port.asked).toBe(2);

    port.at += 1;
    port.list = [...port.list, member('prod-us')];
    const changed = await app.inject(MEMBERLIST);
    expect(changed.json()).toHaveLength(2);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const { app } = setUp();
    const get = await app.inject(MEMBERLIST);
    const head = await app.inject({ method: 'HEAD', url: MEMBERLIST });
    expect(head.statusCode).toBe(200);
    expect(head.body).toBe('');
    for (const name of ['content-type', 'content-length', 'etag', 'vary', 'cache-control']) {
      expect(head.headers[name]).toBe(get.headers[name]);
    }
  });
});

describe('choosing the form by Accept', () => {
  const json = 'application/json; charset=utf-8';
  const html = 'text/html; charset=utf-8';

  it.each<[string | undefined, string]>([
    [undefined, json],
    ['', json],
    ['*/*', json],
    ['application/*', json],
    ['application/json', json],
    ['APPLICATION/JSON', json],
    ['application/json; charset=utf-8', json],
    ['text/html', html],
    ['text/html;charset=UTF-8', html],
    ['text/*', html],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', html],
    ['text/html;q=0.5, application/json', json],
    ['text/html;q=0.5, application/json;q=0.4', html],
    ['text/html;q=0.5, */*;q=0.6', json],
    ['text/html, application/json', html],
    ['application/json, text/html', json],
    ['application/json;q=0, */*', html],
  ])('%j gives %s', async (accept, expected) => {
    const { app } = setUp();
    const answer = await app.inject({ url: MEMBERLIST, headers: accept === undefined ? {} : { accept } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.vary).toMatch(/^Accept(?:,|$)/);
    expect(answer.headers['content-type']).toBe(expected);
  });

  it.each(['text/html;q=0, application/json;q=0', '*/*;q=0', 'text/plain', 'image/png, text/csv;q=0.1', 'nonsense'])(
    '%j is not acceptable',
    async (accept) => {
      const { app } = setUp();
      const answer = await app.inject({ url: MEMBERLIST, headers: { accept } });
      expect(answer.statusCode).toBe(406);
      expect(answer.headers.vary).toBe('Accept');
      expect(answer.json()).toMatchObject({ statusCode: 406, error: 'Not Acceptable', code: 'NOT_ACCEPTABLE' });
    },
  );
});

describe('filtering the memberlist', () => {
  it.each([
    ['', ['a-prod', 'b-dev', 'c-bare', 'prod-eu']],
    ['labelSelector=', ['a-prod', 'b-dev', 'c-bare', 'prod-eu']],
    ['labelSelector=env%3Dprod,tier!%3Ddev', ['a-prod', 'prod-eu']],
    ['labelSelector=env+in+(dev,prod),!canary', ['a-prod', 'b-dev']],
    ['labelSelector=env!%3Dprod', ['b-dev', 'c-bare']],
    ['labelSelector=env=prod', ['a-prod', 'prod-eu']],
    ['peerState=HEALTHY', ['a-prod', 'prod-eu']],
    ['peerState=DEAD&peerState=SUSPECTED_DEAD', ['b-dev', 'c-bare']],
    ['peerState=DEAD&peerState=DEAD', ['c-bare']],
    ['peerState=HEALTHY&labelSelector=canary', ['prod-eu']],
    ['peerState=DEAD&labelSelector=canary', []],
    ['nobody=knows&peerState=DEAD', ['c-bare']],
  ])('%s', async (query, expected) => {
    const { app } = fleet();
    expect(await ids(app, query)).toEqual(expected);
  });

  it('does not mix up a filtered answer with the cached whole', async () => {
    const { app } = fleet();
    expect(await ids(app, '')).toHaveLength(4);
    expect(await ids(app, 'peerState=DEAD')).toEqual(['c-bare']);
    expect(await ids(app, '')).toHaveLength(4);
  });

  it.each([
    ['labelSelector=env%3Dprod,,a', 'BAD_LABEL_SELECTOR', /^labelSelector: at character 10: expected a label key/],
    ['labelSelector=env+in+()', 'BAD_LABEL_SELECTOR', /at character 9/],
    ['labelSelector=a&labelSelector=b', 'BAD_LABEL_SELECTOR', /only once/],
    ['labelSelector=__proto__', 'BAD_LABEL_SELECTOR', /at character 1/],
    ['peerState=healthy', 'BAD_PEER_STATE', /^peerState: must be one of HEALTHY, SUSPECTED_DEAD, DEAD/],
    ['peerState=', 'BAD_PEER_STATE', /must be one of/],
    ['peerState=DEAD&peerState=gone', 'BAD_PEER_STATE', /^peerState number 2:/],
    ['peerState=toString', 'BAD_PEER_STATE', /must be one of/],
  ])('refuses %s', async (query, code, message) => {
    const { app } = fleet();
    const answer = await app.inject(`${MEMBERLIST}?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(answer.headers).not.toHaveProperty('etag');
  });
});

describe('revalidating the memberlist', () => {
  it('says so when nothing is new, without making the answer', async () => {
    const { app, port } = setUp();
    const { etag } = (await app.inject(MEMBERLIST)).headers;
    const asked = port.asked;
    const answer = await app.inject({ url: MEMBERLIST, headers: { 'if-none-match': `"x", ${etag}` } });
    expect(answer.statusCode).toBe(304);
    expect(answer.body).toBe('');
    expect(answer.headers).toMatchObject({ etag, vary: 'Accept', 'cache-control': 'no-cache' });
    expect(port.asked).toBe(asked);
  });

  it('answers anew when the revision or the second is another', async () => {
    const { app, port, clock } = setUp();
    const { etag } = (await app.inject(MEMBERLIST)).headers;
    const ask = async () =>
      (await app.inject({ url: MEMBERLIST, headers: { 'if-none-match': String(etag) } })).statusCode;
    expect(await ask()).toBe(304);
    port.at += 1;
    expect(await ask()).toBe(200);
    port.at -= 1;
    clock.wall += 1_000;
    expect(await ask()).toBe(200);
  });

  it('tells forms and filters apart, and equal filters not', async () => {
    const { app } = setUp();
    const tag = async (query: string, accept = 'application/json') =>
      (await app.inject({ url: `${MEMBERLIST}?${query}`, headers: { accept } })).headers.etag;
    const tags = [await tag(''), await tag('', 'text/html'), await tag('peerState=DEAD'), await tag('labelSelector=a')];
    expect(new Set(tags).size).toBe(4);
    expect(await tag('labelSelector=a%3D%3Db')).toBe(await tag('labelSelector=a%3Db&other=1'));
  });

  it('never takes a tag of a former life for its own', async () => {
    const former = setUp({ etagNonce: 'life0' });
    const { app } = setUp();
    const { etag } = (await former.app.inject(MEMBERLIST)).headers;
    const answer = await app.inject({ url: MEMBERLIST, headers: { 'if-none-match': String(etag) } });
    expect(answer.statusCode).toBe(200);
  });

  it('gives the page anew when the node stands otherwise', async () => {
    const { app, port } = setUp();
    const headers = { accept: 'text/html' };
    const { etag } = (await app.inject({ url: MEMBERLIST, headers })).headers;
    port.stands = { ...port.stands, isolated: true };
    const answer = await app.inject({ url: MEMBERLIST, headers: { ...headers, 'if-none-match': String(etag) } });
    expect(answer.statusCode).toBe(200);
  });

  it('leaves the policy of a stored page alone, whose nonce is another', async () => {
    const { app } = setUp();
    const answer = await app.inject({ url: MEMBERLIST, headers: { accept: 'text/html', 'if-none-match': '*' } });
    expect(answer.statusCode).toBe(304);
    expect(answer.headers).not.toHaveProperty('content-security-policy');
  });
});
