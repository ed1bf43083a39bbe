import { describe, expect, it } from 'vitest';
import { type FakePort, MEMBERLIST, member, NOON, setUp, standing } from './fixture.ts';
import { getList, getPage, hrefs, names, rows, text, textOf } from './html.ts';

const HOSTILE = `"><script>alert('x')</script>&amp;`;

const api = (name: string): string => `https://api.${name}.example.com:6443 auth port 6443`;

function fleet(port: FakePort): void {
  port.list = [
    member('a', { decoded: { labels: { env: 'prod', region: 'eu' } }, lastSeen: NOON - 9_000, version: 3 }),
    member('b', { decoded: { labels: { env: 'dev' } }, state: 'SUSPECTED_DEAD', version: 9, lastSeen: NOON - 30_000 }),
    member('c', { decoded: { labels: { env: 'prod' } }, state: 'DEAD', version: 5 }),
    member('prod-eu', { isLocal: true, lastSeen: NOON, decoded: { labels: { env: 'prod', region: 'us' } } }),
  ];
}

function hostile(port: FakePort): void {
  const decoded = { apiEndpoint: HOSTILE, labels: { [HOSTILE]: HOSTILE, '\u202egpj': '\u2066x', ok: '\ud800' } };
  port.list = [member(HOSTILE, { address: HOSTILE, decoded })];
  port.past = [
    {
      seq: 1,
      at: port.list[0]?.lastSeen ?? (0 as never),
      kind: 'changed',
      id: port.list[0]?.id ?? ('' as never),
      changes: [{ field: 'label', key: HOSTILE, from: HOSTILE, to: HOSTILE }],
    },
  ];
}

describe('the memberlist page', () => {
  it('shows each member with all that is known of it', async () => {
    const { app, port } = setUp();
    port.list = [
      member('prod-eu', {
        isLocal: true,
        lastSeen: NOON,
        version: 42,
        decoded: { labels: { env: 'prod', canary: '' } },
      }),
      member('prod-us', { state: 'SUSPECTED_DEAD', lastSeen: NOON - 7_400, address: '10.0.0.2:7946' }),
      member('test-1', { state: 'DEAD', lastSeen: NOON - 130_000, decoded: { apiEndpoint: '', apiPort: 3080 } }),
      member('test-2', { state: 'DEAD', left: true, lastSeen: NOON - 26 * 3_600_000 }),
      member('test-3', { reachability: 'indirect' }),
    ];
    const { body } = await getList(app);
    expect(rows(body)).toEqual([
      [
        'prod-eu this node',
        'Healthy seen from here',
        api('prod-eu'),
        'env= prod canary=',
        'now 12:00:00 UTC',
        '10.0.3.7:7946 version 42',
      ],
      [
        'prod-us',
        'Suspected reached directly',
        api('prod-us'),
        'none',
        '7 s ago 11:59:52 UTC',
        '10.0.0.2:7946 version 7',
      ],
      [
        'test-1',
        'Dead not reached',
        'none told auth port 3080',
        'none',
        '2 min ago 11:57:50 UTC',
        '10.0.3.7:7946 version 7',
      ],
      [
        'test-2',
        'Left not reached',
        api('test-2'),
        'none',
        '26 h ago 2026-11-20 10:00:00 UTC',
        '10.0.3.7:7946 version 7',
      ],
      [
        'test-3',
        'Healthy known through others',
        api('test-3'),
        'none',
        '1 s ago 11:59:58 UTC',
        '10.0.3.7:7946 version 7',
      ],
    ]);
    expect(body).toContain('<time datetime="2026-11-21T11:59:52.600Z">7 s ago');
  });

  it('names the mesh, the node and the moment', async () => {
    const { app } = setUp();
    const { body } = await getList(app);
    expect(textOf(body, 'title')).toBe('No other cluster yet. fleet · Muster');
    expect(textOf(body, 'header')).toBe('Muster mesh fleet as seen by prod-eu As of 12:00:00 UTC');
    expect(textOf(body, 'footer')).toContain('Muster 1.2.3');
  });

  it('says in a sentence how the mesh is', async () => {
    const { app, port } = setUp();
    const lone = (await getList(app)).body;
    expect(textOf(lone, 'h1')).toBe('No other cluster yet.');
    expect(text(lone)).toContain('muster agent --join 10.0.3.7:7946');

    port.list = [member('a'), member('b', { reachability: 'indirect' })];
    const peace = (await getList(app)).body;
    expect(textOf(peace, 'h1')).toBe('All 2 clusters are healthy.');
    expect(textOf(peace, 'p', 'detail')).toBe('This node knows 1 of them through others only.');

    fleet(port);
    const trouble = (await getList(app)).body;
    expect(textOf(trouble, 'h1')).toBe('2 of 4 clusters are healthy.');
    expect(textOf(trouble, 'p', 'detail')).toBe('1 dead, 1 suspected: c , b');

    port.stands = standing({ isolated: true });
    expect(textOf((await getList(app)).body, 'h1')).toBe('Out of contact with all others.');
  });

  it('counts the states of all members, also when it shows some of them', async () => {
    const { app, port } = setUp();
    fleet(port);
    const { body } = await getList(app, '?peerState=DEAD');
    expect(textOf(body, 'ul', 'switches')).toBe('4 All 2 Healthy 1 Suspected 1 Dead or left');
    expect(text(body)).toContain('Showing 1 of 4 with Dead or left');
    expect(names(body)).toEqual(['c']);
    expect(body).toMatch(/href="\?" aria-current="true"><b>1</);
  });

  it('says what one should know before trusting it, and what to do', async () => {
    const { app, port } = setUp();
    expect((await getList(app)).body).not.toContain('class="notice"');
    port.stands = standing({
      isolated: true,
      leaving: true,
      waitingFor: ['<seed>'],
      duplicateAddresses: ['10.9.9.9:1'],
    });
    const seen = text((await getList(app)).body);
    expect(seen).toContain('This node is isolated: it hears from no other, so what it shows may be old. See whether');
    expect(seen).toContain('This node is leaving');
    expect(seen).toContain('waiting for &lt;seed&gt;. See whether an agent');
    expect(seen).toContain('at 10.9.9.9:1. Give one of the two another --node-id.');
    port.stands = standing({ firstRoundTried: false });
    expect(text((await getList(app)).body)).toContain('This node has only just started.');
  });

  it('never tells a state by colour alone', async () => {
    const { app, port } = setUp();
    port.list = [member('a'), member('b', { state: 'DEAD' }), member('c', { state: 'DEAD', left: true })];
    const { body } = await getList(app);
    const icons = [...body.matchAll(/class="state"><svg[^>]*><use href="#([\w-]+)"/g)].map((match) => match[1]);
    expect(icons).toEqual(['i-healthy', 'i-dead', 'i-left']);
    const dots = [...body.matchAll(/<use href="#(d-\w+)"/g)].map((match) => match[1]);
    expect(dots).toEqual(['d-healthy', 'd-dead', 'd-left']);
    for (const shape of [...icons, ...dots]) expect(body).toContain(`id="${shape}"`);
  });
});

describe('finding members on the page', () => {
  it.each([
    ['q=B', ['b']],
    ['q=env%3Dprod+eu', ['a', 'prod-eu this node']],
    ['q=api.c.example', ['c']],
    ['q=nobody', []],
    ['q=&labelSelector=&sort=&group=', ['a', 'b', 'c', 'prod-eu this node']],
    ['labelSelector=env%3Dprod', ['a', 'c', 'prod-eu this node']],
    ['labelSelector=env%3Dprod&peerState=DEAD&peerState=SUSPECTED_DEAD', ['c']],
    ['sort=state', ['c', 'b', 'a', 'prod-eu this node']],
    ['sort=seen', ['b', 'a', 'c', 'prod-eu this node']],
    ['sort=-seen', ['prod-eu this node', 'c', 'a', 'b']],
    ['sort=-version', ['b', 'prod-eu this node', 'c', 'a']],
    ['group=env', ['dev 1, 1 suspected', 'b', 'prod 3, 1 dead', 'a', 'c', 'prod-eu this node']],
    ['group=region', ['eu 1', 'a', 'us 1', 'prod-eu this node', 'without region 2, 1 dead, 1 suspected', 'b', 'c']],
  ])('%s', async (query, wanted) => {
    const { app, port } = setUp();
    fleet(port);
    expect(names((await getList(app, `?${query}`)).body)).toEqual(wanted);
  });

  it('says so when nobody is found, and leads back', async () => {
    const { app, port } = setUp();
    fleet(port);
    const { body } = await getList(app, '?q=nobody');
    expect(text(body)).toContain('No member matches. Remove a condition above, or show all 4');
  });

  it('keeps everything else that is asked for in each of its links', async () => {
    const { app, port } = setUp();
    fleet(port);
    const { body } = await getList(app, '?q=a&labelSelector=env%3Dprod&peerState=DEAD&sort=state&group=region');
    const links = hrefs(body);
    const all = '?q=a&amp;labelSelector=env%3Dprod&amp;peerState=DEAD&amp;sort=state&amp;group=region';
    expect(links).toContain(all.replace('q=a&amp;', ''));
    expect(links).toContain(all.replace('labelSelector=env%3Dprod&amp;', ''));
    expect(links).toContain(all.replace('&amp;peerState=DEAD', ''));
    expect(links).toContain(all.replace('&amp;sort=state', ''));
    expect(links).toContain(all.replace('peerState=DEAD', 'peerState=HEALTHY&amp;peerState=DEAD'));
    const form = /<form.*<\/form>/s.exec(body)?.[0] ?? '';
    for (const kept of ['name="q" value="a"', 'value="env=prod"', 'type="hidden" name="peerState" value="DEAD"']) {
      expect(form).toContain(kept);
    }
    expect(form).toContain('<option value="state" selected>');
    expect(form).toContain('<option selected>region</option>');
  });

  it('adds a label to what is asked for, once', async () => {
    const { app, port } = setUp();
    fleet(port);
    const { body } = await getList(app, '?labelSelector=env%3Dprod');
    const chips = [...body.matchAll(/<a class="chip([^"]*)" href="([^"]*)"><bdi>/g)].map(([, on, href]) => [on, href]);
    expect(chips).toContainEqual([' on', '?labelSelector=env%3Dprod']);
    expect(chips).toContainEqual(['', '?labelSelector=env%3Dprod%2Cregion%3Deu']);
  });

  it.each([
    ['sort=size', 'BAD_SORT', 'sort: must be one of name, state'],
    ['group=a%20b', 'BAD_GROUP', 'group: the label key must be'],
    ['labelSelector=%3D', 'BAD_LABEL_SELECTOR', 'at character 1'],
  ])('refuses %s and says why', async (query, code, message) => {
    const { app } = setUp();
    const answer = await app.inject({ url: `${MEMBERLIST}?${query}`, headers: { accept: 'text/html' } });
    expect(answer.statusCode).toBe(400);
    expect(textOf(answer.body, 'p', 'id="problem"')).toContain(message);
    expect(answer.body).toContain(code);
  });
});

describe('what a hostile peer can do to the pages', () => {
  it.each(['list', 'grouped', 'member', 'events'])('escapes all that it may have made up (%s)', async (which) => {
    const { app, port } = setUp();
    hostile(port);
    const urls = {
      list: MEMBERLIST,
      grouped: `${MEMBERLIST}?group=ok&q=script`,
      member: `/members/${encodeURIComponent(HOSTILE)}`,
      events: '/api/v1alpha1/events',
    };
    const { body } = await getPage(app, urls[which as keyof typeof urls]);
    expect(body.match(/<script/g)).toHaveLength(1);
    expect(body).not.toContain('alert(&#39;x&#39;)</');
    expect(body).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;');
  });

  it('keeps marks of direction to themselves', async () => {
    const { app, port } = setUp();
    port.list = [member('\u202eevil', { decoded: { labels: { '\u202ekey': '\u202evalue' } } })];
    const { body } = await getList(app);
    const loose = body
      .replaceAll(/<bdi[^>]*>.*?<\/bdi>/gs, '')
      .replaceAll(/<text[^>]*>.*?<\/text>/gs, '')
      .replaceAll(/="[^"]*"/g, '');
    expect(body).toContain('\u202e');
    expect(loose).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    '//evil.example.com',
    'https://user:secret@host',
    ' https://host',
  ])('does not make a link or a command of %j', async (apiEndpoint) => {
    const { app, port } = setUp();
    port.list = [member('a', { decoded: { apiEndpoint } })];
    const { body } = await getList(app);
    const own = (await getPage(app, '/members/a')).body;
    for (const href of [...hrefs(body), ...hrefs(own)]) expect(href).toMatch(/^(?:[?#]|\/(?:api|members)\/)/);
    expect(rows(body)[0]?.[2]).toBe(`${apiEndpoint.trim()} auth port 6443`);
    expect(own).not.toContain('--server');
  });

  it('links the endpoints that are http or https', async () => {
    const { app, port } = setUp();
    port.list = [member('a', { decoded: { apiEndpoint: 'http://a.example.com' } }), member('b')];
    const links = hrefs((await getList(app)).body);
    expect(links).toContain('http://a.example.com');
    expect(links).toContain('https://api.b.example.com:6443');
  });
});

describe('the policy of a page', () => {
  it('allows its own styles and scripts and nothing else', async () => {
    const { app } = setUp();
    const { body, headers } = await getList(app);
    const policy = String(headers['content-security-policy']);
    const nonces = ['script', 'style'].map((kind) => new RegExp(`${kind}-src 'nonce-([^']+)'`).exec(policy)?.[1] ?? '');
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(policy.split(/; ?/).filter(Boolean)).toEqual([
      "default-src 'none'",
      `script-src 'nonce-${nonces[0]}'`,
      `style-src 'nonce-${nonces[1]}'`,
      "img-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    const [scripts, styles] = [body.match(/<script[^>]*>/g) ?? [], body.match(/<link rel="stylesheet"[^>]*>/g) ?? []];
    expect(scripts).toHaveLength(1);
    for (const tag of scripts) expect(tag).toContain(`nonce="${nonces[0]}" src="/assets/`);
    for (const tag of styles) expect(tag).toContain(`nonce="${nonces[1]}" href="/assets/`);
    expect(body).not.toMatch(/<style|<img|\sstyle=|\son\w+=|http-equiv/i);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
    expect((await getList(app)).headers['content-security-policy']).not.toContain(nonces[0]);
  });

  it('is not sent with an answer that has no page: a browser would judge the page it kept by the new nonces', async () => {
    const { app } = setUp();
    const { headers } = await getList(app);
    const again = await app.inject({
      url: MEMBERLIST,
      headers: { accept: 'text/html', 'if-none-match': String(headers.etag) },
    });
    expect(again.statusCode).toBe(304);
    expect(again.headers).not.toHaveProperty('content-security-policy');
  });
});
