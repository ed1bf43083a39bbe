import { describe, expect, it } from 'vitest';
import { member, setUp } from '../fixture.ts';

const PATH = '/api/v1alpha1/sd/prometheus';
const at = (apiEndpoint: string) => ({ decoded: { apiEndpoint } });

describe('service discovery for Prometheus', () => {
  it('gives each member as a target with all that is known of it', async () => {
    const { app, port } = setUp();
    const labels = { env: 'prod', 'topology.kubernetes.io/region': 'eu-west-1' };
    port.list = [member('prod-eu', { decoded: { apiPort: 8443, labels } })];
    const answer = await app.inject(PATH);
    // Prometheus takes nothing else.
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual([
      {
        targets: ['api.prod-eu.example.com:6443'],
        labels: {
          __meta_muster_id: 'prod-eu',
          __meta_muster_address: '10.0.3.7:7946',
          __meta_muster_peer_state: 'HEALTHY',
          __meta_muster_api_endpoint: 'https://api.prod-eu.example.com:6443',
          __meta_muster_api_port: '8443',
          __meta_muster_scheme: 'https',
          __meta_muster_path: '/',
          __meta_muster_label_env: 'prod',
          __meta_muster_label_topology_kubernetes_io_region: 'eu-west-1',
        },
      },
    ]);
  });

  it.each([
    ['https://api.example.com', 'api.example.com:443', 'https', '/'],
    ['http://api.example.com/k8s', 'api.example.com:80', 'http', '/k8s'],
    ['https://api.example.com:443', 'api.example.com:443', 'https', '/'],
    ['https://[2001:db8::1]:6443', '[2001:db8::1]:6443', 'https', '/'],
  ])('%s is at %s', async (endpoint, target, scheme, path) => {
    const { app, port } = setUp();
    port.list = [member('a', at(endpoint))];
    expect((await app.inject(PATH)).json()).toMatchObject([
      { targets: [target], labels: { __meta_muster_scheme: scheme, __meta_muster_path: path } },
    ]);
  });

  it('of two labels whose names become one, takes the first in order', async () => {
    const { app, port } = setUp();
    port.list = [member('a', { decoded: { labels: { a_b: '2', 'a.b': '1', 'a-b': '0' } } })];
    expect((await app.inject(PATH)).json()).toMatchObject([{ labels: { __meta_muster_label_a_b: '0' } }]);
  });

  it.each([
    ['', ['healthy', 'suspect']],
    ['?peerState=DEAD', ['dead']],
    ['?labelSelector=env%3Dprod', ['suspect']],
  ])('%s: the living that have an endpoint, or as the query has it', async (query, ids) => {
    const { app, port } = setUp();
    port.list = [
      member('dead', { state: 'DEAD', left: true }),
      member('healthy'),
      member('suspect', { state: 'SUSPECTED_DEAD', decoded: { labels: { env: 'prod' } } }),
      member('without', at('')),
    ];
    const groups = (await app.inject(`${PATH}${query}`)).json<{ labels: Record<string, string> }[]>();
    expect(groups.map(({ labels }) => labels['__meta_muster_id'])).toEqual(ids);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'https://user:secret@host', 'https://a"b', 'nonsense'])(
    'makes no target of the endpoint %j',
    async (endpoint) => {
      const { app, port } = setUp();
      port.list = [member('evil', at(endpoint)), member('good')];
      const groups = (await app.inject(PATH)).json<{ labels: Record<string, string> }[]>();
      expect(groups.map(({ labels }) => labels['__meta_muster_id'])).toEqual(['good']);
    },
  );

  it('keeps what a hostile peer tells within the texts of its own labels', async () => {
    const { app, port } = setUp();
    const evil = '"}]<script>\n\u202e\u001b[31m';
    const long = 'x'.repeat(2_048);
    const labels = { [evil]: evil, [long]: long };
    port.list = [
      member(evil, { address: evil, decoded: { apiEndpoint: 'https://evil.example.com', labels } }),
      member('good'),
    ];
    const groups = (await app.inject(PATH)).json<{ targets: string[]; labels: Record<string, string> }[]>();
    expect(groups.map(({ targets }) => targets)).toEqual([['evil.example.com:443'], ['api.good.example.com:6443']]);
    expect(groups[0]?.labels['__meta_muster_id']).toBe(evil);
    for (const name of groups.flatMap((group) => Object.keys(group.labels))) {
      expect(name).toMatch(/^__meta_muster_[A-Za-z0-9_]+$/);
    }
  });

  it('refuses a bad selector', async () => {
    const { app } = setUp();
    const answer = await app.inject(`${PATH}?labelSelector=%21%21`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_LABEL_SELECTOR' });
  });
});
