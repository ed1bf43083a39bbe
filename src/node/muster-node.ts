import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { NodeId } from '../base/brands.ts';
import { unreachable } from '../base/invariant.ts';
import type { NodeMetadata } from '../base/metadata.ts';
import { seededRandom } from '../base/random.ts';
import { advertisedAddress } from '../config/advertise.ts';
import { type EffectiveConfig, toGossipConfig } from '../config/effective.ts';
import { GossipCore } from '../gossip/core.ts';
import type { Effect } from '../gossip/effect.ts';
import type { GossipEvent } from '../gossip/event.ts';
import type { BootstrapTarget } from '../gossip/input.ts';
import type { MemberView, Standing } from '../gossip/view.ts';
import { recordGossipEvent } from '../observability/count-events.ts';
import { Journal, type JournalEntry } from '../observability/journal.ts';
import { createEventLog } from '../observability/log-events.ts';
import type { Metrics, NodeFigures } from '../observability/metrics.ts';
import { metadataOf } from '../wire/metadata.ts';
import { ClientPool } from './client-pool.ts';
import { type Clock, systemClock } from './clock.ts';
import { CoreDriver } from './core-driver.ts';
import { GossipServer } from './gossip-server.ts';
import type { HandshakeTracing } from './handshake-tracing.ts';
import { Outreach } from './outreach.ts';
import type { Recorder } from './recorder.ts';
import { createRefusalReport } from './refusal-report.ts';
import { type Dns, systemDns } from './resolver.ts';
import { gossipService, type Traffic } from './service.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import { OwnMetadata } from './told-metadata.ts';

/** What a node is made of. Clock, DNS and seed are there to be replaced in tests. */
export interface NodeOptions {
  readonly config: EffectiveConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  readonly dns?: Dns;
  /** Seed of the node's randomness: any 32-bit integer. Default: drawn by chance. */
  readonly seed?: number;
  /** Writes down the core's inputs and effects, to be replayed. */
  readonly record?: Recorder;
  /** Makes spans of the handshakes. */
  readonly tracing?: HandshakeTracing | undefined;
}

/**
 * The shell around the core: real clock, real gRPC, real disk. Inputs go in one at a time, effects are carried out; no decision of
 * the protocol is taken here.
 */
export class MusterNode {
  readonly id: NodeId;
  readonly #options: NodeOptions;
  readonly #clock: Clock;
  readonly #clients: ClientPool;
  readonly #server: GossipServer;
  readonly #outreach: Outreach;
  readonly #driver: CoreDriver;
  readonly #logEvent: ReturnType<typeof createEventLog>;
  readonly #journal: Journal;
  readonly #left: Promise<number>;
  #resolveLeft: (acknowledged: number) => void = () => undefined;
  readonly #firstRound: Promise<void>;
  #resolveFirstRound: (() => void) | undefined;
  readonly #metadata: OwnMetadata;
  #keeper: SnapshotKeeper | undefined;
  #address = '';
  #listening = false;
  readonly #memberListeners = new Set<(id: NodeId) => void>();

  constructor(options: NodeOptions) {
    const { config, metrics, logger } = options;
    this.#options = options;
    this.id = config.nodeId;
    this.#metadata = new OwnMetadata(config.cluster);
    this.#journal = new Journal(config.nodeId);
    this.#clock = options.clock ?? systemClock;
    // What a trace is known by goes with each call, and not with each message of a stream.
    const streams = options.tracing === undefined;
    this.#clients = new ClientPool(config.gossip.rpcTimeout, { proxy: config.gossip.proxy, streams });
    const traffic: Traffic = {
      bytes: (direction, bytes) =>
        (direction === 'sent' ? metrics.grpcSentBytes : metrics.grpcReceivedBytes).inc(bytes),
      delta: (direction, records) => metrics.deltaRecords.observe({ direction }, records),
    };
    this.#logEvent = createEventLog(logger, () => this.#clock().monotonic);
    const report = createRefusalReport(logger, metrics, () => this.#clock().monotonic);
    this.#driver = new CoreDriver({
      clock: this.#clock,
      metrics,
      record: options.record,
      apply: (effect) => this.#apply(effect),
      settled: () => this.#noticeFirstRound(),
    });
    this.#outreach = new Outreach({
      clients: this.#clients,
      service: gossipService(traffic),
      dns: options.dns ?? systemDns,
      logger,
      report,
      tracing: options.tracing,
      input: (input) => this.#driver.take(input),
    });
    this.#left = new Promise((resolve) => {
      this.#resolveLeft = resolve;
    });
    this.#firstRound = new Promise((resolve) => {
      this.#resolveFirstRound = resolve;
    });
    this.#server = new GossipServer({
      traffic,
      reflection: config.gossip.reflection,
      input: (input) => this.#driver.take(input),
      refusedMessage: report.message,
      droppedRecords: report.records,
    });
  }

  /** Resolves once a first round has been tried: whoever could be reached has been asked. */
  get ready(): Promise<void> {
    return this.#firstRound;
  }

  /** Where the gossip server listens, as it is advertised to others: `host:port`. */
  get address(): string {
    return this.#address;
  }

  get listening(): boolean {
    return this.#listening;
  }

  /**
   * Reads the snapshot, binds the gossip port and begins to gossip. From the first message on there is somebody to answer it: who asks would
   * take an answer that is left out for a failure.
   *
   * @throws {Error} when the address can not be bound
   */
  async start(): Promise<void> {
    const { config, metrics } = this.#options;
    const snapshot = await this.#readSnapshot();
    this.#restoreMetadata(snapshot);
    const port = await this.#server.listen(config.gossip.bind);
    this.#address = advertisedAddress(config.gossip.advertise, port);
    const seed = this.#options.seed ?? randomInt(2 ** 31);
    const setup = {
      config: toGossipConfig(config),
      identity: { id: this.id, address: this.#address, metadata: this.#metadata.encoded },
      bootstrap: bootstrapTargets(config.gossip.bootstrapPeers, snapshot),
      ...(snapshot === undefined ? {} : { formerVersion: snapshot.version }),
      now: this.#clock(),
    };
    const core = new GossipCore({ ...setup, random: seededRandom(seed) });
    this.#options.record?.begin(setup, seed);
    metrics.observe(() => this.#figures(core));
    if (config.dataDir !== undefined) {
      const read = (): Snapshot => ({
        mesh: config.mesh,
        nodeId: this.id,
        version: core.ownVersion,
        peers: core.rejoinAddresses(),
        ...this.#metadataToKeep(),
      });
      this.#keeper = new SnapshotKeeper(config.dataDir, read, this.#options.logger, metrics);
    }
    this.#listening = true;
    this.#driver.start(core);
  }

  /** All members that this node shows, sorted by id. */
  members(): readonly MemberView[] {
    return this.#driver.core?.members(this.#clock().wall) ?? [];
  }

  /** One member, as {@link members} has it; undefined when it is not shown. */
  member(id: NodeId): MemberView | undefined {
    const now = this.#clock();
    return this.#driver.core?.member(id, now.wall);
  }

  /**
   * Calls a listener whenever a member's record, or what is shown of it, has changed, and when it was removed. By then {@link member}
   * has the new state. Several changes of one step of the core may show as one state told several times.
   *
   * @returns ends the subscription
   */
  onMemberChanged(listener: (id: NodeId) => void): () => void {
    this.#memberListeners.add(listener);
    return () => this.#memberListeners.delete(listener);
  }

  /** Rises whenever a record, or what is shown of a member, changes. */
  revision(): number {
    return this.#driver.core?.revision ?? 0;
  }

  standing(): Standing {
    return (
      this.#driver.core?.standing() ?? {
        firstRoundTried: false,
        leaving: false,
        isolated: false,
        waitingFor: [],
        duplicateAddresses: [],
      }
    );
  }

  /** What this node tells of its cluster. */
  get metadata(): NodeMetadata {
    return this.#metadata.told;
  }

  /** Tells something else of its cluster from now on: gossiped at once. Metadata that say the same are no news. */
  setMetadata(metadata: NodeMetadata): void {
    if (!this.#metadata.tell(metadata)) return;
    this.#driver.take({ kind: 'metadataChanged', metadata: this.#metadata.encoded });
    this.#keeper?.changed();
  }

  /** Takes what a new configuration says of the cluster: what was changed since stays, but for the settings that are new. */
  configureMetadata(configured: NodeMetadata): void {
    this.setMetadata(this.#metadata.configure(configured));
  }

  /** Tries further targets to find other nodes by, and keeps them. */
  join(targets: readonly BootstrapTarget[]): void {
    this.#driver.take({ kind: 'join', targets });
  }

  /**
   * Takes a dead member from every memberlist at once.
   *
   * @returns `alive` when it is not dead, or dead only in the eyes of this node, which may be cut off; `unknown` when it is not shown
   *   at all. Nothing is done then
   */
  forget(id: NodeId): 'forgotten' | 'alive' | 'unknown' {
    const member = this.member(id);
    if (member === undefined) return 'unknown';
    if (member.state !== 'DEAD') return 'alive';
    this.#driver.take({ kind: 'forget', id });
    return this.member(id) === undefined ? 'forgotten' : 'alive';
  }

  /** The last changes that this node noticed, the oldest first. */
  history(): readonly JournalEntry[] {
    return this.#journal.entries();
  }

  /**
   * Says goodbye to the mesh.
   *
   * @returns how many peers have acknowledged it, within the core's `leaveTimeout`
   */
  async leave(): Promise<number> {
    this.#driver.take({ kind: 'leave' });
    return this.#left;
  }

  /** Stops without a word, as a crash would but for open files: closes the server, the connections and the snapshot. */
  async stop(): Promise<void> {
    this.#driver.rest();
    this.#listening = false;
    await this.#server.stop();
    this.#driver.stop();
    this.#clients.close();
    await this.#keeper?.close();
    await this.#options.record?.close();
  }

  #noticeFirstRound(): void {
    if (this.#resolveFirstRound === undefined || !this.standing().firstRoundTried) return;
    this.#resolveFirstRound();
    this.#resolveFirstRound = undefined;
  }

  #apply(effect: Effect): void {
    switch (effect.kind) {
      case 'sendHeartbeat':
      case 'sendDiff':
      case 'sendProbe':
      case 'resolve':
        this.#outreach.begin(effect);
        break;
      case 'answerHeartbeat':
      case 'answerDiff':
      case 'answerProbe':
      case 'refuse':
        this.#server.answer(effect);
        break;
      case 'leaveFinished':
        this.#resolveLeft(effect.acknowledged);
        break;
      case 'event':
        recordGossipEvent(this.#options.metrics, effect.event);
        this.#logEvent(effect.event);
        this.#noteInJournal(effect.event);
        if (effect.event.kind === 'memberChanged' || effect.event.kind === 'reachabilityChanged') {
          this.#memberChanged(effect.event.id);
        }
        break;
      default:
        unreachable(effect);
    }
  }

  #memberChanged(id: NodeId): void {
    this.#keeper?.changed();
    for (const listener of this.#memberListeners) listener(id);
  }

  #noteInJournal(event: GossipEvent): void {
    const record = event.kind === 'memberChanged' ? this.#driver.core?.record(event.id) : undefined;
    const metadata = record === undefined ? undefined : metadataOf(record.metadata);
    this.#journal.note(event, this.#clock().wall, metadata?.ok === true ? metadata.value : undefined);
  }

  async #readSnapshot(): Promise<Snapshot | undefined> {
    const { config, logger } = this.#options;
    if (config.dataDir === undefined) return undefined;
    const reading = await readSnapshot(config.dataDir, config.mesh, this.id, new Date(this.#clock().wall));
    if (reading.kind === 'found') return reading.snapshot;
    if (reading.kind === 'unusable') {
      const { code, problem, setAside } = reading;
      logger.warn({ code, problem, setAside }, 'the snapshot is not used');
    }
    return undefined;
  }

  #restoreMetadata(snapshot: Snapshot | undefined): void {
    this.#metadata.restore(snapshot?.metadata);
    const { otherwise } = this.#metadata;
    if (otherwise === undefined) return;
    this.#options.logger.info({ code: 'METADATA_RESTORED', ...otherwise }, 'tells what was set before the restart');
  }

  #metadataToKeep(): Pick<Snapshot, 'metadata'> {
    const { otherwise } = this.#metadata;
    return otherwise === undefined ? {} : { metadata: otherwise };
  }

  #figures(core: GossipCore): NodeFigures {
    const members = { HEALTHY: 0, SUSPECTED_DEAD: 0, DEAD: 0 };
    let indirect = 0;
    for (const { state, reachability } of core.members(this.#clock().wall)) {
      members[state] += 1;
      if (state !== 'DEAD' && reachability === 'indirect') indirect += 1;
    }
    const { tombstoneCount: tombstones, ownVersion, lastContact } = core;
    return { members, indirect, tombstones, ownVersion, ...(lastContact === undefined ? {} : { lastContact }) };
  }
}

/** The operator's targets, then the addresses of a former life that are not among them. */
function bootstrapTargets(configured: readonly BootstrapTarget[], snapshot: Snapshot | undefined): BootstrapTarget[] {
  const known = new Set(configured.map(({ target }) => target));
  const remembered = (snapshot?.peers ?? []).filter((address) => !known.has(address));
  return [...configured, ...remembered.map((target) => ({ target, origin: 'snapshot' as const }))];
}
