import { describe, expect, it } from 'vitest';
import { MEMBERLIST, member, NOON, setUp, standing } from './fixture.ts';

async function page(app: ReturnType<typeof setUp>['app'], query = '') {
  const answer = await app.inject({ url: `${MEMBERLIST}${query}`, headers: { accept: 'text/html' } });
  expect(answer.statusCode).toBe(200);
  return answer;
}

/** The text of an HTML fragment, as a reader sees it. */
function text(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The table's rows, each as its cells' texts. */
function rows(html: string): string[][] {
  const body = /<tbody[^>]*>(.*)<\/tbody>/s.exec(html)?.[1] ?? '';
  return [...body.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
    [...row.matchAll(/<t[hd].*?<\/t[hd]>/gs)].map(([cell]) => text(cell)),
  );
}

const HOSTILE = `"><script>alert('x')</script>&amp;`;

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
      member('test-2', { state: 'DEAD', left: true, lastSeen: NOON - 3 * 3_600_000 }),
    ];
    const { body } = await page(app);
    expect(rows(body)).toEqual([
      [
        'prod-eu this node',
        'Healthy',
        'https://api.prod-eu.example.com:6443',
        '6443',
        'env =prod canary =',
        'now',
        '42',
        '10.0.3.7:7946',
      ],
      ['prod-us', 'Suspected', 'https://api.prod-us.example.com:6443', '6443', 'none', '7 s ago', '7', '10.0.0.2:7946'],
      ['test-1', 'Dead', 'none', '3080', 'none', '2 min ago', '7', '10.0.3.7:7946'],
      ['test-2', 'Left', 'https://api.test-2.example.com:6443', '6443', 'none', '3 h ago', '7', '10.0.3.7:7946'],
    ]);
    expect(body).toContain('<time datetime="2026-11-21T11:59:52.600Z" title="2026-11-21T11:59:52.600Z">7 s ago</time>');
  });

  it('names the mesh and the node', async () => {
    const { app } = setUp();
    const { body } = await page(app);
    expect(/<title>(.*)<\/title>/.exec(body)?.[1]).toBe('fleet · prod-eu · Muster');
    expect(text(/<header>.*<\/header>/s.exec(body)?.[0] ?? '')).toBe('Muster Mesh fleet as seen by prod-eu');
    expect(text(/<footer.*<\/footer>/s.exec(body)?.[0] ?? '')).toBe('Muster 1.2.3');
  });

  it('counts the states of all members, also when it shows some of them', async () => {
    const { app, port } = setUp();
    port.list = [member('a'), member('b'), member('c', { state: 'SUSPECTED_DEAD' }), member('d', { state: 'DEAD' })];
    const { body } = await page(app, '?peerState=DEAD');
    const tiles = text(/<nav.*<\/nav>/s.exec(body)?.[0] ?? '');
    expect(tiles).toBe('4 All 2 Healthy 1 Suspected 1 Dead');
    expect(text(body)).toContain('Showing 1 of 4');
    expect(rows(body)).toHaveLength(1);
    expect(body).toMatch(/href="\?peerState=DEAD" aria-current="true"/);
  });

  it('keeps the label filter when it leads from state to state', async () => {
    const { app } = setUp();
    const { body } = await page(app, '?labelSelector=env%3Dprod');
    expect(body).toContain('href="?labelSelector=env%3Dprod&amp;peerState=DEAD"');
    expect(text(body)).toContain('No member matches.');
  });

  it('says what one should know before trusting it', async () => {
    const { app, port } = setUp();
    expect((await page(app)).body).not.toContain('role="status"');
    port.stands = standing({
      isolated: true,
      leaving: true,
      waitingFor: ['<seed>'],
      duplicateAddresses: ['10.9.9.9:1'],
    });
    const seen = text((await page(app)).body);
    expect(seen).toContain('This node is isolated');
    expect(seen).toContain('This node is leaving');
    expect(seen).toContain('waiting for &lt;seed&gt;.');
    expect(seen).toContain('at 10.9.9.9:1.');
  });

  it('escapes all that a peer may have made up', async () => {
    const { app, port } = setUp();
    port.list = [
      member(HOSTILE, {
        address: HOSTILE,
        decoded: { apiEndpoint: HOSTILE, labels: { [HOSTILE]: HOSTILE, ok: '\ud800' } },
      }),
    ];
    const { body } = await page(app);
    expect(body).not.toMatch(/<script/i);
    expect(body).not.toContain('alert(&#39;x&#39;)</');
    expect(body).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;');
  });

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    '//evil.example.com',
    'https://user:secret@host',
    ' https://host',
  ])('does not make a link of %j', async (apiEndpoint) => {
    const { app, port } = setUp();
    port.list = [member('a', { decoded: { apiEndpoint } })];
    const { body } = await page(app);
    const hrefs = [...body.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(hrefs.length).toBeGreaterThan(0);
    expect(hrefs.filter((href) => !/^[?#]/.test(href))).toEqual([]);
    expect(rows(body)[0]?.[2]).toBe(apiEndpoint.trim());
  });

  it('links the endpoints that are http or https', async () => {
    const { app, port } = setUp();
    port.list = [member('a', { decoded: { apiEndpoint: 'http://a.example.com' } }), member('b')];
    const { body } = await page(app);
    expect(body).toContain('<a href="http://a.example.com" rel="noreferrer">');
    expect(body).toContain('<a href="https://api.b.example.com:6443" rel="noreferrer">');
  });

  it('allows its own style and nothing else', async () => {
    const { app } = setUp();
    const { body, headers } = await page(app);
    const nonce = /<style nonce="([^"]+)">/.exec(body)?.[1];
    expect(nonce).toMatch(/^[0-9a-f]{32}$/);
    const policy = String(headers['content-security-policy']).split(/; ?/).filter(Boolean);
    expect(policy).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^script-src 'nonce-[0-9a-f]{32}'$/),
      `style-src 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(body).not.toMatch(/<script|<link|<img|@import|url\(|\sstyle=|\son\w+=|http-equiv/i);
    expect((await page(app)).headers['content-security-policy']).not.toContain(nonce);
  });

  it('never tells a state by colour alone', async () => {
    const { app, port } = setUp();
    port.list = [member('a'), member('b', { state: 'DEAD' }), member('c', { state: 'DEAD', left: true })];
    const { body } = await page(app);
    const icons = [...body.matchAll(/class="state"><svg[^>]*><use href="(#[\w-]+)"/g)].map((match) => match[1]);
    expect(icons).toEqual(['#icon-healthy', '#icon-dead', '#icon-left']);
    for (const icon of icons) expect(body).toContain(`<symbol id="${icon?.slice(1)}"`);
  });
});
