import { register } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { millis, type UnixMillis, unixMillis, type Version } from '../../../src/base/brands.ts';
import type { GossipEvent } from '../../../src/gossip/event.ts';
import { recordGossipEvent } from '../../../src/observability/count-events.ts';
import { createMetrics, type NodeFigures } from '../../../src/observability/metrics.ts';
import { EVENTS } from './fixture.ts';

/** The samples of a scrape: series to value. */
async function samples(metrics: ReturnType<typeof createMetrics>): Promise<Map<string, string>> {
  const lines = (await metrics.scrape()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, string] => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)];
    }),
  );
}

async function changedBy(...events: readonly GossipEvent[]): Promise<Record<string, string>> {
  const metrics = createMetrics({ version: '1.2.3', process: false });
  const before = await samples(metrics);
  for (const event of events) recordGossipEvent(metrics, event);
  const after = await samples(metrics);
  return Object.fromEntries([...after].filter(([series, value]) => before.get(series) !== value));
}

const figures = (lastContact?: UnixMillis): NodeFigures => ({
  members: { HEALTHY: 3, SUSPECTED_DEAD: 0, DEAD: 1 },
  indirect: 1,
  tombstones: 2,
  ownVersion: 1_795_253_412_345 as Version,
  ...(lastContact === undefined ? {} : { lastContact }),
});

describe('counting gossip events', () => {
  it.each<[GossipEvent, Record<string, string>]>([
    [EVENTS.memberChanged, { 'muster_member_changes_total{from="HEALTHY",to="SUSPECTED_DEAD"}': '1' }],
    [
      EVENTS.handshakeFailed,
      {
        'muster_handshakes_total{side="client",result="failed"}': '1',
        'muster_handshake_failures_total{reason="timeout"}': '1',
      },
    ],
    [EVENTS.probed, { 'muster_probes_total{result="reached"}': '1' }],
    [EVENTS.probeServed, { 'muster_probes_served_total{result="unreached"}': '1' }],
    [EVENTS.reachabilityChanged, { muster_degraded_links_total: '1' }],
    [{ ...EVENTS.reachabilityChanged, reachability: 'direct' }, {}],
    [EVENTS.newsPushed, { muster_news_pushes_total: '3', muster_news_records_total: '2' }],
    [EVENTS.forgotten, { muster_forgotten_total: '1' }],
    [EVENTS.accused, { 'muster_accusations_total{state="SUSPECTED_DEAD"}': '1' }],
    [EVENTS.refuted, { muster_refutations_total: '1' }],
    [EVENTS.isolated, { muster_isolated: '1' }],
    [EVENTS.lateCycle, { muster_late_cycles_total: '1' }],
    [EVENTS.duplicateId, { muster_duplicate_id_total: '1' }],
    [EVENTS.messageRefused, { 'muster_messages_refused_total{reason="wrong_mesh"}': '1' }],
    [EVENTS.recordRefused, { 'muster_records_refused_total{reason="version_ahead"}': '1' }],
    [EVENTS.joined, { muster_joins_total: '1' }],
    [EVENTS.joinFailed, { muster_join_failures_total: '1' }],
    [EVENTS.leaving, {}],
  ])('$kind', async (event, expected) => {
    expect(await changedBy(event)).toEqual(expected);
  });

  it('measures the handshakes that this node began, in seconds', async () => {
    const changed = await changedBy(EVENTS.handshakeFinished, { ...EVENTS.handshakeFinished, took: millis(300) });
    expect(changed).toMatchObject({
      'muster_handshakes_total{side="client",result="ok"}': '2',
      muster_handshake_duration_seconds_count: '2',
      muster_handshake_duration_seconds_sum: '0.32',
      'muster_handshake_duration_seconds_bucket{le="0.025"}': '1',
      'muster_handshake_duration_seconds_bucket{le="0.5"}': '2',
    });
    expect(changed).not.toHaveProperty(['muster_handshake_duration_seconds_bucket{le="0.01"}']);
  });

  it('only counts those that a peer began', async () => {
    const event = { ...EVENTS.handshakeFinished, side: 'server' } as const;
    expect(await changedBy(event)).toEqual({
      'muster_handshakes_total{side="server",result="ok"}': '1',
      'muster_digest_elisions_total{side="server"}': '1',
    });
  });

  it('shows the isolation only while it lasts', async () => {
    expect(await changedBy(EVENTS.isolated, EVENTS.reconnected)).toEqual({});
  });

  it('counts members that come and go', async () => {
    const { from: _from, ...appeared } = { ...EVENTS.memberChanged, to: 'HEALTHY' as const };
    const { to: _to, ...removed } = { ...EVENTS.memberChanged, from: 'DEAD' as const };
    expect(await changedBy(appeared, removed)).toEqual({
      'muster_member_changes_total{from="none",to="HEALTHY"}': '1',
      'muster_member_changes_total{from="DEAD",to="none"}': '1',
    });
  });
});

describe('the metrics of a node', () => {
  it('asks the node at every scrape', async () => {
    const metrics = createMetrics({ version: '1.2.3', process: false });
    expect((await samples(metrics)).get('muster_members{state="HEALTHY"}')).toBe('0');
    metrics.observe(() => figures(unixMillis(1_500_000_000_250)));
    const seen = await samples(metrics);
    expect(seen.get('muster_members{state="HEALTHY"}')).toBe('3');
    expect(seen.get('muster_members{state="DEAD"}')).toBe('1');
    expect(seen.get('muster_tombstones')).toBe('2');
    expect(seen.get('muster_own_version')).toBe('1795253412345');
    expect(seen.get('muster_last_contact_timestamp_seconds')).toBe('1500000000.25');
    metrics.observe(() => figures());
    expect((await samples(metrics)).get('muster_last_contact_timestamp_seconds')).toBe('0');
  });

  it('names the versions of Muster and of Node.js', async () => {
    const seen = await samples(createMetrics({ version: '1.2.3', process: false }));
    expect(seen.get(`muster_build_info{version="1.2.3",node="${process.version}"}`)).toBe('1');
  });

  it('are apart from those of another node and from the global registry', async () => {
    const one = createMetrics({ version: '1.2.3', process: false });
    const other = createMetrics({ version: '1.2.3', process: false });
    one.refutations.inc();
    expect((await samples(other)).get('muster_refutations_total')).toBe('0');
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  it('are all declared with a help text and a proper name', () => {
    const all = createMetrics({ version: '1.2.3', process: false }).registry.getMetricsAsArray();
    expect(all.length).toBeGreaterThan(20);
    for (const { name, help } of all) {
      expect(name).toMatch(/^muster_[a-z]+(_[a-z]+)*$/);
      expect(help).toMatch(/^[A-Z1].*\.$/);
    }
  });

  it('never carry a peer as a label', async () => {
    const metrics = createMetrics({ version: '1.2.3', process: false });
    for (const event of Object.values(EVENTS)) recordGossipEvent(metrics, event);
    const text = await metrics.scrape();
    for (const foreign of ['prod-us', 'prod-eu', 'liar', 'seed', '10.0.0.2']) expect(text).not.toContain(foreign);
  });

  it('measure the process as well, unless told not to', async () => {
    const text = await createMetrics({ version: '1.2.3' }).scrape();
    expect(text).toContain('process_resident_memory_bytes ');
    expect(text).toContain('nodejs_eventloop_lag_seconds ');
    expect(text).not.toMatch(/nodejs_eventloop_lag_(?:min|max|mean|stddev|p\d+)_seconds/);
    expect(await createMetrics({ version: '1.2.3', process: false }).scrape()).not.toContain('nodejs_');
  });
});
