import type { NodeId } from '../../src/base/brands.ts';
import type { GossipEvent } from '../../src/gossip/event.ts';
import type { PeerState } from '../../src/store/record.ts';
import type { Host, Life } from '../engine/host.ts';
import type { Step, World } from '../engine/world.ts';
import { Convergence } from './convergence.ts';
import { Detections } from './detections.ts';
import { meanHop } from './hop.ts';
import { Mistakes } from './mistakes.ts';
import type { Incident, RunData } from './run-data.ts';
import type { Scale } from './scale.ts';
import { States } from './states.ts';
import { rounded } from './summary.ts';
import { Traffic } from './traffic.ts';
import { Updates } from './updates.ts';
import { Views } from './views.ts';
import { conditionOf, Watched } from './watched.ts';

/** Looks at the whole mesh are so far apart: in parts of a second, so that seconds are whole. */
const TICKS_PER_SECOND = 4;
const TICK_MS = 1_000 / TICKS_PER_SECOND;
const MS_PER_HOUR = 3_600_000;

export interface MeterOptions {
  /** What the world was seeded with, for the report. */
  readonly seed?: number;
  /** The name of the scenario, for the report. */
  readonly scenario?: string;
  /** The world's transport, where it was made to be weighed. */
  readonly scale?: Scale;
}

type MemberChanged = Extract<GossipEvent, { kind: 'memberChanged' }>;

/**
 * Measures a run while it goes on, and changes nothing in it. Set it on a world before the first node starts.
 *
 * It hears of every step of every node. What no step tells (that a process is gone or stopped) it finds by looking at the hosts four times
 * a second and whenever a member is shown in another way; the times are the host's own.
 */
export class Meter {
  readonly #world: World;
  readonly #options: MeterOptions;
  readonly #hosts = new Map<Host, Watched>();
  readonly #memberIndex = new Map<NodeId, number>();
  /** By member, the hosts that have its id. */
  readonly #hostsOf: Watched[][] = [];
  readonly #views = new Views();
  readonly #updates = new Updates();
  readonly #detections = new Detections();
  readonly #convergence = new Convergence();
  readonly #suspicions = new Mistakes();
  readonly #deaths = new Mistakes();
  readonly #traffic: Traffic;
  readonly #states = new States(TICK_MS);
  readonly #incidents: Incident[] = [];
  #ticks = 0;
  #networkSeen: number;
  #calm = true;
  #finished = false;

  constructor(world: World, options: MeterOptions = {}) {
    this.#world = world;
    this.#options = options;
    this.#networkSeen = world.networkChangedAt;
    this.#traffic = new Traffic(world);
    world.listen((step) => this.#step(step));
    this.#planTick();
  }

  /** Ends the measurement and says what was measured. Call it once. */
  finish(): RunData {
    const { config, now, trace, network } = this.#world;
    this.#lookAround();
    this.#finished = true;
    const hosts = [...this.#hosts.values()];
    const lived = hosts.reduce((sum, host) => sum + host.lived(now), 0);
    const nodeHours = lived / MS_PER_HOUR;
    return {
      scenario: this.#options.scenario ?? '',
      seed: this.#options.seed ?? null,
      nodes: hosts.length,
      members: [...this.#memberIndex.keys()],
      protocol: {
        gossipFactor: config.gossipFactor,
        gossipIntervalMs: config.gossipInterval,
        stalenessThreshold: config.stalenessThreshold,
        deadThreshold: config.deadThreshold,
        deadRetentionMs: config.deadRetention,
      },
      network: {
        name: network.model.name,
        hopMs: rounded(
          meanHop(
            network.model,
            hosts.map(({ host }) => host.region),
          ),
          3,
        ),
      },
      durationMs: rounded(now),
      nodeHours: rounded(nodeHours, 6),
      traceHash: trace.hash,
      events: trace.events,
      incidents: this.#incidents,
      updates: this.#updates.finish(),
      convergence: this.#convergence.finish(),
      detections: this.#detections.finish(),
      falseSuspicions: this.#suspicions.finish(nodeHours),
      falseDeaths: this.#deaths.finish(nodeHours),
      traffic: this.#traffic.finish(hosts, lived / 1_000, this.#options.scale),
      states: this.#states.finish(),
    };
  }

  #planTick(): void {
    this.#ticks += 1;
    this.#world.at(this.#ticks * TICK_MS, () => {
      if (this.#finished) return;
      this.#lookAround();
      this.#states.look(this.#views);
      if (this.#ticks % TICKS_PER_SECOND === 0) this.#traffic.second(this.#views.live);
      this.#planTick();
    });
  }

  #lookAround(): void {
    for (const watched of this.#hosts.values()) this.#notice(watched);
    this.#noticeNetwork();
    this.#noticeAgreement();
  }

  #step(step: Step): void {
    const { host, effects } = step;
    this.#noticeNetwork();
    const watched = this.#hosts.get(host) ?? this.#meet(host);
    const formed = this.#convergence.formed && this.#views.live > 1;
    this.#notice(watched);
    this.#traffic.step(effects);
    for (const effect of effects) {
      if (effect.kind === 'event' && effect.event.kind === 'memberChanged')
        this.#changed(watched, step, effect.event, formed);
    }
    this.#noticeAgreement();
  }

  #meet(host: Host): Watched {
    let member = this.#memberIndex.get(host.id);
    if (member === undefined) {
      member = this.#hostsOf.length;
      this.#memberIndex.set(host.id, member);
      this.#hostsOf.push([]);
      this.#views.addMember();
    }
    const watched = new Watched(host, this.#hosts.size, member);
    this.#hosts.set(host, watched);
    this.#hostsOf[member]?.push(watched);
    this.#views.addObserver(watched);
    return watched;
  }

  /** Brings what is known of a host in line with what it is. */
  #notice(watched: Watched): void {
    const { host, life, condition } = watched;
    const now = conditionOf(host);
    if (life === host.life && condition === now) return;
    if (life !== host.life && life !== undefined) this.#ended(watched, host.life?.startedAt ?? host.since);
    if (life !== host.life && host.life !== undefined) this.#began(watched, host.life);
    watched.life = host.life;
    this.#turn(watched, now, host.since);
  }

  /** A node has begun in a mesh that is formed. */
  #formed(watched: Watched, { core }: Life): void {
    if (this.#hosts.size < this.#world.hosts.size) {
      for (const host of this.#world.hosts.values()) if (!this.#hosts.has(host)) this.#meet(host);
    }
    this.#views.formed(watched, core.record(watched.host.id));
  }

  #began(watched: Watched, life: Life): void {
    const at = life.startedAt;
    if (life.known === undefined) this.#views.forget(watched);
    else this.#formed(watched, life);
    this.#detections.returned(watched.member, at);
    this.#convergence.started(at);
    watched.lives += 1;
    this.#incident(watched.lives > 1 ? 'restart' : 'start', at, watched);
  }

  /** A life is over, by a crash unless it had said goodbye. */
  #ended(watched: Watched, at: number): void {
    const left = watched.life?.left === true;
    if (!left) this.#incident('crash', at, watched);
    this.#turn(watched, 'none', at);
    this.#updates.ended(watched);
    this.#detections.ended(watched);
    if (left || this.#isLive(watched.member)) return;
    const observers = new Map<Watched, PeerState>();
    for (const observer of this.#hosts.values()) {
      const shown = observer.live ? this.#views.shows(observer, watched.member) : undefined;
      if (shown !== undefined) observers.set(observer, shown);
    }
    this.#detections.crashed(watched, at, observers);
  }

  #turn(watched: Watched, condition: Watched['condition'], at: number): void {
    const before = watched.condition;
    if (before === condition) return;
    const wasLive = watched.live;
    if (condition === 'left') this.#incident('leave', at, watched);
    else if (condition === 'paused') this.#incident('pause', at, watched);
    else if (before === 'paused' && condition === 'running') this.#incident('resume', at, watched);
    watched.condition = condition;
    if (wasLive === watched.live) return;
    if (watched.live) watched.liveSince = at;
    else watched.livedBefore += at - watched.liveSince;
    this.#views.turn(watched, watched.live ? 1 : -1);
  }

  #changed(observer: Watched, { at, host, life, input }: Step, event: MemberChanged, formed: boolean): void {
    const { id, from, to, version, left } = event;
    if (id === host.id) {
      this.#views.spoke(observer, life.core.record(id));
      if (input.kind === 'metadataChanged')
        this.#updates.spoke(observer, 'relabel', version, at, this.#others(observer));
      if (input.kind === 'start' && formed) {
        this.#updates.spoke(observer, observer.lives > 1 ? 'restart' : 'join', version, at, this.#others(observer));
      }
      return;
    }
    const member = this.#memberIndex.get(id);
    if (member === undefined) return;
    for (const other of this.#hostsOf[member] ?? []) this.#notice(other);
    this.#views.set(observer, member, to, life.core.record(id));
    if (to !== undefined) this.#updates.held(observer, member, version, at);
    if (from === to) return;
    this.#detections.shown(observer, member, to, at);
    if (!left && observer.live && this.#isLive(member)) this.#judge(observer, member, to);
  }

  /** A live node shows a live member in another way now. */
  #judge(observer: Watched, member: number, to: PeerState | undefined): void {
    if (to !== 'SUSPECTED_DEAD' && to !== 'DEAD') return;
    const mistakes = to === 'DEAD' ? this.#deaths : this.#suspicions;
    const { network } = this.#world;
    const { name } = observer.host;
    const accused = this.#hostsOf[member]?.find(({ live }) => live)?.host;
    if (accused === undefined) return;
    mistakes.add(name, accused.id, !network.reaches(name, accused.name) || !network.reaches(accused.name, name));
  }

  #isLive(member: number): boolean {
    return this.#hostsOf[member]?.some(({ live }) => live) ?? false;
  }

  #others(speaker: Watched): readonly Watched[] {
    return [...this.#hosts.values()].filter((other) => other.live && other.member !== speaker.member);
  }

  #noticeNetwork(): void {
    const { networkChangedAt, network } = this.#world;
    if (networkChangedAt === this.#networkSeen) return;
    this.#networkSeen = networkChangedAt;
    const { calm } = network;
    if (calm && this.#calm) return;
    this.#calm = calm;
    this.#incidents.push({ at: rounded(networkChangedAt), kind: calm ? 'heal' : 'network', host: null });
    if (calm) this.#convergence.healed(networkChangedAt);
    else this.#convergence.broken();
  }

  #noticeAgreement(): void {
    if (this.#views.agreed && this.#views.live > 0) this.#convergence.agreed(this.#world.now, this.#views.live);
  }

  #incident(kind: Incident['kind'], at: number, { host }: Watched): void {
    this.#incidents.push({ at: rounded(at), kind, host: host.name });
  }
}
