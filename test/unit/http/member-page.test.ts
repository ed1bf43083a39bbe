import { describe, expect, it } from 'vitest';
import { nodeId, unixMillis } from '../../../src/base/brands.ts';
import type { JournalEntry } from '../../../src/observability/journal.ts';
import { member, NOON, setUp } from './fixture.ts';
import { getPage, text, textOf } from './html.ts';

const EVENTS = '/api/v1alpha1/events';

function entry(seq: number, id: string, fields: Partial<JournalEntry> = {}): JournalEntry {
  return { seq, at: unixMillis(NOON - 60_000 + seq * 1_000), kind: 'joined', id: nodeId(id), changes: [], ...fields };
}

/** The lines of a list of changes, as a reader sees them. */
function changes(html: string): string[] {
  const list = /<ol class="changes">.*?<\/ol>/s.exec(html)?.[0] ?? '';
  return [...list.matchAll(/<li.*?<\/li>/gs)].map(([line]) => text(line));
}

describe("a member's own page", () => {
  it('tells all that is known of it, and what became of it', async () => {
    const { app, port } = setUp();
    port.list = [
      member('a', { version: 42, metadata: new Uint8Array(77), decoded: { labels: { env: 'prod' } } }),
      member('b'),
    ];
    port.past = [
      entry(1, 'a'),
      entry(2, 'b'),
      entry(3, 'a', { kind: 'suspected' }),
      entry(4, 'a', { kind: 'returned', from: 'SUSPECTED_DEAD' }),
      entry(5, 'a', { kind: 'returned', from: 'DEAD' }),
      entry(6, 'a', {
        kind: 'changed',
        changes: [
          { field: 'label', key: 'env', from: 'dev', to: 'prod' },
          { field: 'apiEndpoint', from: '', to: 'https://a' },
        ],
      }),
    ];
    const { body } = await getPage(app, '/members/a');
    expect(textOf(body, 'title')).toBe('a · fleet · Muster');
    expect(textOf(body, 'h1')).toBe('a');
    expect(textOf(body, 'dl')).toBe(
      'API endpoint https://api.a.example.com:6443 Auth port 6443 Gossip address 10.0.3.7:7946 ' +
        'Last seen 2026-11-21T11:59:58.500Z Version of its record 42 Size of its metadata 77 bytes Labels env= prod',
    );
    expect(body).toContain('href="/api/v1alpha1/memberlist?labelSelector=env%3Dprod"');
    expect(changes(body)).toEqual([
      '11:59:06 UTC a changed what it tells label env : dev prod API endpoint : empty https://a 54 s ago',
      '11:59:05 UTC a came back 55 s ago',
      '11:59:04 UTC a answers again 56 s ago',
      '11:59:03 UTC a stopped answering 57 s ago',
      '11:59:01 UTC a joined 59 s ago',
    ]);
  });

  it('has commands to be copied', async () => {
    const { app, port } = setUp();
    port.list = [member('prod-us', { decoded: { apiEndpoint: 'https://api.example.com:6443/' } })];
    const { body } = await getPage(app, '/members/prod-us');
    const lines = [...body.matchAll(/<code data-copy[^>]*>(.*?)<\/code>/g)].map(([, line]) =>
      line?.replaceAll('&#39;', "'"),
    );
    expect(lines).toEqual([
      "kubectl config set-cluster prod-us --server='https://api.example.com:6443/'",
      'kubectl config set-context prod-us --cluster=prod-us',
      "curl -s 'https://api.example.com:6443/version'",
      "curl -s 'http://localhost:80/api/v1alpha1/memberlist' | jq '.[] | select(.id == &quot;prod-us&quot;)'",
    ]);
  });

  it.each(['$(reboot)', "a'b", 'a b', '-rf', 'a;b', 'a\u202eb', 'é', '..', '.'])(
    'makes no command of the name %j',
    async (id) => {
      const { app, port } = setUp();
      port.list = [member(id)];
      const { body } = await app.inject({ url: `/members/${encodeURIComponent(id).replaceAll('.', '%2e')}` });
      expect(body).not.toContain('kubectl');
    },
  );

  it.each(['a/b', '100%', 'a?b#c', 'x'.repeat(253), 'ü'.repeat(126), 'a b', '%2F'])(
    'is found from the list, whatever the name is: %.20j',
    async (id) => {
      const { app, port } = setUp();
      port.list = [member(id)];
      const list = (await getPage(app, '/api/v1alpha1/memberlist')).body;
      const href = /<th role="rowheader"[^>]*><a class="name" href="([^"]*)"/.exec(list)?.[1] ?? '';
      expect(textOf((await getPage(app, href)).body, 'h1')).toBe(id);
    },
  );

  it.each(['.', '..'])('has no address for the name %j, which browsers take for a direction', async (id) => {
    const { app, port } = setUp();
    port.list = [member(id)];
    const { body } = await getPage(app, '/api/v1alpha1/memberlist');
    expect(body).toContain(`<span class="name"><bdi>${id}</bdi></span>`);
  });

  it('says so when nobody has that name', async () => {
    const { app } = setUp();
    const answer = await app.inject({ url: '/members/gone', headers: { accept: 'text/html' } });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain('NO_SUCH_MEMBER');
    expect(textOf(answer.body, 'p', 'id="problem"')).toContain('is taken off the list after a while');
  });
});

describe('what changed', () => {
  it('comes as JSON, the oldest first', async () => {
    const { app, port } = setUp();
    port.past = [entry(1, 'a'), entry(2, 'b', { kind: 'died', from: 'SUSPECTED_DEAD', to: 'DEAD' })];
    const answer = await app.inject(EVENTS);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', vary: 'Accept' });
    expect(answer.json()).toStrictEqual([
      { seq: 1, at: '2026-11-21T11:59:01.000Z', kind: 'joined', id: 'a', changes: [] },
      {
        seq: 2,
        at: '2026-11-21T11:59:02.000Z',
        kind: 'died',
        id: 'b',
        from: 'SUSPECTED_DEAD',
        to: 'DEAD',
        changes: [],
      },
    ]);
    expect((await app.inject({ url: EVENTS, headers: { accept: 'image/png' } })).statusCode).toBe(406);
  });

  it('comes as a page, the newest first', async () => {
    const { app, port } = setUp();
    expect(text((await getPage(app, EVENTS)).body)).toContain('Nothing has changed.');
    port.past = [entry(1, 'a'), entry(2, 'b', { kind: 'left' })];
    expect(changes((await getPage(app, EVENTS)).body)).toEqual([
      '11:59:02 UTC b left the mesh 58 s ago',
      '11:59:01 UTC a joined 59 s ago',
    ]);
  });

  it('stands in short on the list, with the way to the rest', async () => {
    const { app, port } = setUp();
    port.past = Array.from({ length: 8 }, (_, index) => entry(index + 1, `m${index}`));
    const { body } = await getPage(app, '/api/v1alpha1/memberlist');
    expect(changes(body)).toHaveLength(5);
    expect(body).toContain(`<a href="${EVENTS}">3 more changes</a>`);
  });
});
