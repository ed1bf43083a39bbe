import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { UnixMillis, Version } from '../base/brands.ts';
import type { MemberView } from '../gossip/view.ts';

type PeerState = MemberView['state'];

/** What a node can tell at any moment. It is asked at every scrape, so that it is never stale and costs nothing between. */
export interface NodeFigures {
  /** Members shown in the memberlist, the node itself included. */
  readonly members: Readonly<Record<PeerState, number>>;
  /** Living members that others reach and this node does not. */
  readonly indirect: number;
  readonly tombstones: number;
  readonly ownVersion: Version;
  /** When this node last had evidence of life from anybody else; absent before the first time. */
  readonly lastContact?: UnixMillis;
}

export interface MetricsOptions {
  /** The version of Muster. */
  readonly version: string;
  /**
   * Also measure the process: CPU, memory, descriptors, event loop lag, garbage collection. Default true; one node of a
   * process is enough, as these do not tell nodes apart.
   */
  readonly process?: boolean;
}

/**
 * prom-client samples the event loop by a timer that wakes an idle process again and again, and tells the timer's own interval as a
 * delay. So it hardly ever does, its figures are left out, and `muster_event_loop_delay_seconds` stands for them.
 */
const EVENT_LOOP_SAMPLING_MS = 60 * 60_000;
const SAMPLED = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  (name) => `nodejs_eventloop_lag_${name}_seconds`,
);

/** From a timer that was on time to a process that stood still, in seconds. */
const DELAY_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** From a call on the same host to one that runs into its deadline, in seconds. */
const HANDSHAKE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** From one piece of news to a mesh of the greatest size. */
const DELTA_BUCKETS = [1, 2, 5, 10, 30, 100, 300, 1_000, 3_000, 10_000];

/** From a cached answer to one that runs into the time limit, in seconds. */
const HTTP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

/** Gauges of prom-client whose names end like a counter's; `promtool check metrics` refuses them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** All metrics of one node, and the registry that holds them. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Declares every metric of a node, in a registry of its own: several nodes may run in one process. Labels have few, known
 * values; a peer is never one. Where the values are known, their series begin at zero, so that a first failure shows in a
 * rate.
 */
export function createMetrics(options: MetricsOptions) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames, registers });

  const members = gauge('muster_members', 'Members in the memberlist by their state, this node included.', ['state']);
  const indirect = gauge('muster_members_indirect', 'Living members that other nodes reach and this one does not.');
  const tombstones = gauge('muster_tombstones', 'Members that are gone but remembered, so that they stay gone.');
  const ownVersion = gauge('muster_own_version', "The version of this node's own record.");
  const lastContact = gauge(
    'muster_last_contact_timestamp_seconds',
    'When this node last had evidence of life from any other, in seconds since 1970; 0 before the first time.',
  );
  const buildInfo = gauge('muster_build_info', 'Always 1; the labels tell the versions of Muster and of Node.js.', [
    'version',
    'node',
  ]);
  buildInfo.set({ version: options.version, node: process.version }, 1);

  let figures: (() => NodeFigures) | undefined;

  const metrics = {
    registry,

    handshakes: counter('muster_handshakes_total', 'Handshakes that ended, by the side of this node and by result.', [
      'side',
      'result',
    ]),
    handshakeDuration: new Histogram({
      name: 'muster_handshake_duration_seconds',
      help: 'How long the handshakes took that this node began and finished.',
      buckets: HANDSHAKE_BUCKETS,
      registers,
    }),
    handshakeFailures: counter('muster_handshake_failures_total', 'Handshakes of this node that failed, by reason.', [
      'reason',
    ]),
    digestElisions: counter(
      'muster_digest_elisions_total',
      'Handshakes in which both sides held the same, so that neither digest nor delta was sent, by the side of this node.',
      ['side'],
    ),
    deltaRecords: new Histogram({
      name: 'muster_delta_records',
      help: 'Records in the deltas of handshakes and pushes, by direction. A delta without any does not count.',
      labelNames: ['direction'],
      buckets: DELTA_BUCKETS,
      registers,
    }),
    probes: counter(
      'muster_probes_total',
      'Answers of other nodes that were asked whether they reach a member that this one does not, by result.',
      ['result'],
    ),
    probesServed: counter(
      'muster_probes_served_total',
      'Times this node looked for others whether a member answers, by result.',
      ['result'],
    ),
    degradedLinks: counter('muster_degraded_links_total', 'Times a member was found to be reached by others only.'),
    newsPushes: counter('muster_news_pushes_total', 'Peers that were told news without waiting for the timer.'),
    newsRecords: counter('muster_news_records_total', 'Records that were passed on as news.'),
    forgotten: counter('muster_forgotten_total', "Dead members that this node forgot at its operator's word."),
    accusations: counter('muster_accusations_total', 'Accusations that this node raised itself, by the state given.', [
      'state',
    ]),
    refutations: counter('muster_refutations_total', 'Times this node answered an accusation with a new version.'),
    isolated: gauge('muster_isolated', '1 while this node has no evidence of life from anybody, else 0.'),
    lateCycles: counter('muster_late_cycles_total', 'Gossip cycles that began more than half an interval late.'),
    eventLoopDelay: new Histogram({
      name: 'muster_event_loop_delay_seconds',
      help: 'How late the process came to the timers of the protocol: the delay of its event loop.',
      buckets: DELAY_BUCKETS,
      registers,
    }),
    recordsRefused: counter('muster_records_refused_total', 'Records of peers that were dropped, by reason.', [
      'reason',
    ]),
    messagesRefused: counter('muster_messages_refused_total', 'Messages of peers that were refused, by reason.', [
      'reason',
    ]),
    duplicateIds: counter('muster_duplicate_id_total', "Times another live node was seen to claim this node's id."),
    joins: counter('muster_joins_total', 'Bootstrap targets that answered with a live peer.'),
    joinFailures: counter('muster_join_failures_total', 'Tries of a bootstrap target that gave no live peer.'),
    memberChanges: counter(
      'muster_member_changes_total',
      'Changes in what the memberlist shows of a member. From "none" it is new, to "none" it is removed.',
      ['from', 'to'],
    ),
    snapshotWrites: counter('muster_snapshot_writes_total', 'Writes of the snapshot, by result.', ['result']),
    grpcReceivedBytes: counter('muster_grpc_received_bytes_total', 'Bytes of gossip messages received.'),
    grpcSentBytes: counter('muster_grpc_sent_bytes_total', 'Bytes of gossip messages sent.'),
    watchers: gauge('muster_watchers', 'Clients that watch the memberlist, by transport.', ['transport']),
    watchesEnded: counter('muster_watches_ended_total', 'Watches that ended or could not begin, by reason.', [
      'reason',
    ]),
    httpRequests: counter('muster_http_requests_total', 'HTTP requests answered, by route, method and status.', [
      'route',
      'method',
      'status',
    ]),
    httpDuration: new Histogram({
      name: 'muster_http_request_duration_seconds',
      help: 'How long HTTP requests took, from their header to the end of the answer, by route and status.',
      labelNames: ['route', 'status'],
      buckets: HTTP_BUCKETS,
      registers,
    }),
    httpAuthentications: counter(
      'muster_http_authentications_total',
      'Requests that needed authentication, by what they brought and by result.',
      ['kind', 'result'],
    ),
    httpReloads: counter(
      'muster_http_reloads_total',
      'Times a file of the HTTP server was read again, by result: tokens, session keys or certificate.',
      ['what', 'result'],
    ),
    httpCertificateExpiry: gauge(
      'muster_http_certificate_expiry_timestamp_seconds',
      'When the certificate of the HTTP server expires, in seconds since 1970; 0 without TLS.',
    ),

    /** Names whom to ask at a scrape. Until then the figures of the node stay at zero. */
    observe(read: () => NodeFigures): void {
      figures = read;
    },

    /** All metrics as Prometheus text, of this moment. */
    async scrape(): Promise<string> {
      if (figures !== undefined) show(figures());
      return registry.metrics();
    },
  };

  function show(now: NodeFigures): void {
    for (const [state, count] of Object.entries(now.members)) members.set({ state }, count);
    indirect.set(now.indirect);
    tombstones.set(now.tombstones);
    ownVersion.set(now.ownVersion);
    lastContact.set((now.lastContact ?? 0) / 1_000);
  }

  for (const result of ['ok', 'failed']) metrics.snapshotWrites.inc({ result }, 0);
  for (const what of ['tokens', 'session_keys', 'certificate']) {
    for (const result of ['ok', 'failed']) metrics.httpReloads.inc({ what, result }, 0);
  }
  for (const result of ['ok', 'failed']) metrics.handshakes.inc({ side: 'client', result }, 0);
  metrics.handshakes.inc({ side: 'server', result: 'ok' }, 0);
  for (const direction of ['sent', 'received']) metrics.deltaRecords.zero({ direction });
  for (const side of ['client', 'server']) metrics.digestElisions.inc({ side }, 0);
  for (const result of ['reached', 'unreached', 'unanswered']) metrics.probes.inc({ result }, 0);
  for (const result of ['reached', 'unreached']) metrics.probesServed.inc({ result }, 0);
  for (const state of ['SUSPECTED_DEAD', 'DEAD']) metrics.accusations.inc({ state }, 0);
  for (const state of ['HEALTHY', 'SUSPECTED_DEAD', 'DEAD']) members.set({ state }, 0);
  for (const reason of ['unreachable', 'timeout', 'refused', 'bad_answer', 'wrong_peer', 'wrong_mesh']) {
    metrics.handshakeFailures.inc({ reason }, 0);
  }
  for (const transport of ['sse', 'websocket']) metrics.watchers.set({ transport }, 0);
  for (const reason of ['client', 'shutdown', 'slow_reader', 'resume_impossible', 'too_many_watchers']) {
    metrics.watchesEnded.inc({ reason }, 0);
  }
  if (options.process ?? true) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLING_MS });
    for (const name of [...MISNAMED, ...SAMPLED]) registry.removeSingleMetric(name);
  }
  return metrics;
}
