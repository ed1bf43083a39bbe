import { nodeId } from '../../src/base/brands.ts';
import { Heap } from '../../src/base/heap.ts';
import { invariant } from '../../src/base/invariant.ts';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { GossipConfig } from '../../src/gossip/config.ts';
import { type CoreSetup, GossipCore } from '../../src/gossip/core.ts';
import type { Effect } from '../../src/gossip/effect.ts';
import type { Identity, Input } from '../../src/gossip/input.ts';
import { firstRecord } from '../../src/gossip/own-record.ts';
import { Roster } from '../../src/gossip/roster.ts';
import { encodeMetadata } from '../../src/wire/metadata.ts';
import { Calls } from './calls.ts';
import { Host, Life } from './host.ts';
import type { LatencyModel } from './latency.ts';
import { Network } from './network.ts';
import { NodeClock } from './node-clock.ts';
import { Trace } from './trace.ts';
import type { Transport } from './transport.ts';

export interface WorldOptions {
  /** Any 32-bit integer. The same seed and the same actions give the same run to the last event. */
  readonly seed: number;
  readonly config: GossipConfig;
  readonly latency: LatencyModel;
  readonly transport: Transport;
  /** The deadline of a call, ms. Default: the gossip interval. */
  readonly rpcTimeout?: number;
}

export interface HostOptions {
  readonly join?: readonly string[];
  /** The node's id where it is not the host's name: two hosts can be given one. */
  readonly id?: string;
  readonly region?: string;
  readonly drift?: number;
  readonly clockAhead?: number;
  /** Where it tells others to call it, if not where it is. */
  readonly advertised?: string;
}

/** One event of a run, as checkers and measurements see it: a node took in an input and did something about it. */
export interface Step {
  readonly at: number;
  readonly host: Host;
  readonly life: Life;
  readonly input: Input;
  readonly effects: readonly Effect[];
}

export type StepListener = (step: Step) => void;

/**
 * A whole mesh in virtual time: hosts with clocks, a network between them, and on each host the production core. Everything that happens
 * comes out of one heap of events, in one order; everything by chance comes from one seed.
 */
export class World {
  /** For looking at. It is changed through {@link changeNetwork}, so that the time of the change is known. */
  readonly network: Network;
  readonly trace = new Trace();
  readonly random: Random;
  readonly config: GossipConfig;
  /** What bootstrap names resolve to: name → addresses. Plain addresses resolve to themselves. */
  readonly names = new Map<string, readonly string[]>();
  readonly #options: WorldOptions;
  readonly #queue = new Heap<() => void>();
  readonly #hosts = new Map<string, Host>();
  readonly #byAddress = new Map<string, Host>();
  readonly #byId = new Map<string, Host[]>();
  readonly #listeners: StepListener[] = [];
  readonly #networkListeners: (() => void)[] = [];
  readonly #calls: Calls;
  #now = 0;
  #networkChangedAt = 0;
  #lives = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.config = options.config;
    this.random = seededRandom(options.seed);
    this.network = new Network(options.latency, seededRandom(options.seed ^ 0x5eed));
    this.#calls = new Calls({
      network: this.network,
      transport: options.transport,
      timeout: options.rpcTimeout ?? options.config.gossipInterval,
      now: () => this.#now,
      later: (delay, action) => this.#later(delay, action),
      hostAt: (address) => this.#byAddress.get(address),
      takeIn: (host, life, input) => this.#input(host, life, input),
    });
  }

  /** Virtual milliseconds since the run began. */
  get now(): number {
    return this.#now;
  }

  get hosts(): ReadonlyMap<string, Host> {
    return this.#hosts;
  }

  /** When the network was changed last. */
  get networkChangedAt(): number {
    return this.#networkChangedAt;
  }

  /** Cuts, heals or worsens the network. */
  changeNetwork(change: (network: Network) => void): void {
    change(this.network);
    this.#networkChangedAt = this.#now;
    for (const listener of this.#networkListeners) listener();
  }

  /** Is told of every change of the network, after it was made. */
  listenNetwork(listener: () => void): void {
    this.#networkListeners.push(listener);
  }

  /** The hosts whose nodes run, are not stopped and have not left. */
  live(): readonly Host[] {
    return [...this.#hosts.values()].filter((host) => host.live);
  }

  /** Is told of every step of every node, after it was taken. */
  listen(listener: StepListener): void {
    this.#listeners.push(listener);
  }

  host(name: string): Host {
    const host = this.#hosts.get(name);
    invariant(host !== undefined, `there is no host ${name}`);
    return host;
  }

  /** The hosts whose nodes have this id: one, or twins. */
  hostsOf(id: string): readonly Host[] {
    return this.#byId.get(id) ?? [];
  }

  addHost(name: string, options: HostOptions = {}): Host {
    invariant(!this.#hosts.has(name), `there is a host ${name} already`);
    const { regions } = this.#options.latency;
    const host = new Host({
      name,
      id: nodeId(options.id ?? name),
      address: `${name}:7946`,
      region: options.region ?? regions[this.#hosts.size % regions.length] ?? '',
      clock: new NodeClock(options.drift, options.clockAhead),
      join: options.join ?? [],
    });
    host.advertised = options.advertised ?? host.address;
    this.#hosts.set(name, host);
    this.#byAddress.set(host.address, host);
    this.#byId.set(host.id, [...this.hostsOf(host.id), host]);
    return host;
  }

  /** Starts a node on a host where none runs. */
  start(name: string): void {
    const host = this.host(name);
    const remembered = host.disk?.peers ?? [];
    this.#begin(host, {
      bootstrap: [
        ...host.join.map((target) => ({ target, origin: 'configured' as const })),
        ...remembered
          .filter((peer) => !host.join.includes(peer))
          .map((target) => ({ target, origin: 'snapshot' as const })),
      ],
      ...(host.disk === undefined ? {} : { formerVersion: host.disk.version }),
    });
  }

  /** Starts a node on every host at once. Each knows all the others, so the mesh need not form; and none looks for others elsewhere. */
  startFormed(): void {
    const hosts = [...this.#hosts.values()];
    const known = new Roster(hosts.map((host) => firstRecord(identityOf(host), host.clock.read(this.#now).wall)));
    for (const host of hosts) this.#begin(host, { bootstrap: [], known });
  }

  #begin(host: Host, setup: Pick<CoreSetup, 'bootstrap' | 'formerVersion' | 'known'>): void {
    invariant(host.life === undefined, `a node runs on ${host.name} already`);
    this.#lives += 1;
    const core = new GossipCore({
      ...setup,
      config: this.config,
      identity: identityOf(host),
      random: seededRandom(this.#options.seed * 7_919 + this.#lives),
      now: host.clock.read(this.#now),
    });
    const life = new Life(core, this.#now, setup.known);
    host.life = life;
    host.paused = false;
    host.vanished = false;
    host.since = this.#now;
    this.#input(host, life, { kind: 'start' });
  }

  /** The process is gone without a word. With its machine, nothing answers at its address any more; else connections are refused. */
  crash(name: string, withMachine = false): void {
    const host = this.host(name);
    if (host.life !== undefined) host.disk = diskOf(host.life);
    host.life = undefined;
    host.paused = false;
    host.vanished = withMachine;
    host.since = this.#now;
  }

  /** As SIGSTOP. */
  pause(name: string): void {
    const host = this.host(name);
    host.paused = true;
    host.since = this.#now;
  }

  /** As SIGCONT: deadlines that have passed come first, as in Node's event loop, then what arrived meanwhile. */
  resume(name: string): void {
    const host = this.host(name);
    const { life } = host;
    if (life === undefined || !host.paused) return;
    host.paused = false;
    host.since = this.#now;
    this.#calls.expire(host, life);
    for (const takeIn of life.held.splice(0)) takeIn();
    this.#planWake(host, life);
  }

  leave(name: string): void {
    const host = this.host(name);
    if (host.life !== undefined) this.#input(host, host.life, { kind: 'leave' });
  }

  /** The owner changes its labels. */
  relabel(name: string): void {
    const host = this.host(name);
    host.labelsSet += 1;
    if (host.life !== undefined) this.#input(host, host.life, { kind: 'metadataChanged', metadata: metadataOf(host) });
  }

  /** Plans an action for a time, ms of virtual time. */
  at(time: number, action: () => void): void {
    this.#queue.add(Math.max(time, this.#now), action);
  }

  /** Runs until a time. */
  runUntil(time: number): void {
    for (let due = this.#queue.takeDue(time); due !== undefined; due = this.#queue.takeDue(time)) {
      this.#now = Math.max(this.#now, due.at);
      due.item();
    }
    this.#now = Math.max(this.#now, time);
  }

  #later(delay: number, action: () => void): void {
    this.#queue.add(this.#now + delay, action);
  }

  #input(host: Host, life: Life, input: Input): void {
    if (host.life !== life) return;
    if (host.paused) {
      life.held.push(() => this.#input(host, life, input));
      return;
    }
    this.trace.add(`${this.#now} ${host.name} ${input.kind}`);
    const effects = life.core.handle(input, host.clock.read(this.#now));
    for (const effect of effects) this.#apply(host, life, effect);
    for (const listener of this.#listeners) listener({ at: this.#now, host, life, input, effects });
    this.#planWake(host, life);
  }

  #planWake(host: Host, life: Life): void {
    const local = life.core.nextWakeAt;
    if (host.life !== life || !Number.isFinite(local)) return;
    const at = Math.max(host.clock.virtualAt(local), this.#now);
    if (at >= life.wakeAt) return;
    life.wakeAt = at;
    this.#queue.add(at, () => {
      if (life.wakeAt !== at) return;
      life.wakeAt = Number.POSITIVE_INFINITY;
      if (!host.paused) this.#input(host, life, { kind: 'wake' });
    });
  }

  #apply(host: Host, life: Life, effect: Effect): void {
    switch (effect.kind) {
      case 'sendHeartbeat':
      case 'sendDiff':
      case 'sendProbe':
        this.#calls.begin(host, life, effect);
        break;
      case 'answerHeartbeat':
      case 'answerDiff':
      case 'answerProbe':
      case 'refuse':
        this.#calls.answered(effect);
        break;
      case 'resolve':
        this.#later(1, () => this.#input(host, life, this.#resolved(effect.target)));
        break;
      case 'leaveFinished':
        host.disk = diskOf(life);
        life.left = true;
        host.since = this.#now;
        this.#later(0, () => {
          if (host.life === life) host.life = undefined;
        });
        break;
      case 'event':
        break;
    }
  }

  #resolved(target: string): Input {
    const named = this.names.get(target);
    const addresses = named ?? (target.includes('://') ? [] : [target]);
    return { kind: 'resolved', target, addresses };
  }
}

function diskOf({ core }: Life): Host['disk'] {
  return { version: core.ownVersion, peers: core.rejoinAddresses() };
}

function identityOf(host: Host): Identity {
  return { id: host.id, address: host.advertised, metadata: metadataOf(host) };
}

/** What a host's node says of its cluster: the same for everybody but for the count of its changes. */
function metadataOf({ name, region, labelsSet }: Host): Uint8Array {
  return encodeMetadata({
    apiEndpoint: `https://api.${name}.example.com:6443`,
    apiPort: 6443,
    labels: { region, revision: String(labelsSet) },
  });
}
