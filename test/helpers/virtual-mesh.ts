import { millis, type Now, nodeId, unixMillis, type Version } from '../../src/base/brands.ts';
import { Heap } from '../../src/base/heap.ts';
import { seededRandom } from '../../src/base/random.ts';
import { DEFAULT_GOSSIP_CONFIG, type GossipConfig } from '../../src/gossip/config.ts';
import { GossipCore } from '../../src/gossip/core.ts';
import type { Effect } from '../../src/gossip/effect.ts';
import type { GossipEvent } from '../../src/gossip/event.ts';
import type { BootstrapTarget, Input } from '../../src/gossip/input.ts';
import type { MemberView } from '../../src/gossip/view.ts';

/** When virtual time begins, by the wall clock. */
export const EPOCH = Date.UTC(2026, 0, 1);
const LATENCY = 2;
const RPC_TIMEOUT = 1_000;

/** The machines of these nodes are gone: nothing reaches them any more, and nothing comes from them. */
export function vanish(mesh: VirtualMesh, ...names: readonly string[]): void {
  const gone = new Set(names.map((name) => `${name}:1`));
  mesh.reaches = (from, to) => !gone.has(from) && !gone.has(to);
}

export interface NodeOptions {
  /** The node's identity; its name in the harness unless given. Two nodes with one id are twins. */
  readonly id?: string;
  readonly join?: readonly string[];
  readonly origin?: BootstrapTarget['origin'];
  readonly address?: string;
  readonly metadata?: string;
  readonly config?: Partial<GossipConfig>;
  readonly formerVersion?: Version;
  /** How far the node's wall clock is ahead, ms. */
  readonly clockAhead?: number;
}

type Send = Extract<Effect, { kind: 'sendHeartbeat' | 'sendDiff' | 'sendProbe' }>;

/** What became of a node's view of a member, and when (ms of virtual time). */
export interface Change {
  readonly at: number;
  readonly observer: string;
  readonly id: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

class VirtualNode {
  readonly id: string;
  readonly core: GossipCore;
  readonly address: string;
  readonly clockAhead: number;
  readonly events: GossipEvent[] = [];
  paused = false;
  left: number | undefined;
  /** Inputs that arrived while the node was paused. */
  readonly held: Input[] = [];
  /** When its next wake is due, so that each one is queued once. */
  wakeAt: number | undefined;

  constructor(id: string, core: GossipCore, address: string, clockAhead: number) {
    this.id = id;
    this.core = core;
    this.address = address;
    this.clockAhead = clockAhead;
  }
}

/**
 * A handful of cores on a virtual network in virtual time: the smallest thing that lets a test say what a mesh does. Messages take
 * two milliseconds; links can be cut one way; a dead node's address refuses connections unless it is told to swallow packets.
 */
export class VirtualMesh {
  readonly changes: Change[] = [];
  /** Names for `dns://` targets. */
  readonly names = new Map<string, readonly string[]>();
  /** Tells whether packets from one address reach another. */
  reaches: (from: string, to: string) => boolean = () => true;
  /** Is shown every effect of every node, by the name of the node, before it is carried out. */
  watch: (name: string, effect: Effect) => void = () => {};
  readonly #nodes = new Map<string, VirtualNode>();
  readonly #queue = new Heap<() => void>();
  readonly #seed: number;
  #now = 0;
  #started = 0;
  #calls = 0;

  constructor(seed = 1) {
    this.#seed = seed;
  }

  get now(): number {
    return this.#now;
  }

  start(name: string, options: NodeOptions = {}): void {
    const id = options.id ?? name;
    const address = options.address ?? `${name}:1`;
    this.#started += 1;
    const clockAhead = options.clockAhead ?? 0;
    const core = new GossipCore({
      config: { ...DEFAULT_GOSSIP_CONFIG, ...options.config },
      identity: { id: nodeId(id), address, metadata: new TextEncoder().encode(options.metadata ?? name) },
      random: seededRandom(this.#seed * 1_000 + this.#started),
      bootstrap: (options.join ?? []).map((target) => ({ target, origin: options.origin ?? 'configured' })),
      ...(options.formerVersion === undefined ? {} : { formerVersion: options.formerVersion }),
      now: this.#reading(clockAhead),
    });
    const node = new VirtualNode(id, core, address, clockAhead);
    this.#nodes.set(name, node);
    this.#input(name, node, { kind: 'start' });
  }

  /** The process is gone at once, without a word. */
  kill(id: string): void {
    this.#nodes.delete(id);
  }

  leave(id: string): void {
    const node = this.#node(id);
    this.#input(id, node, { kind: 'leave' });
  }

  relabel(id: string, metadata: string): void {
    this.#input(id, this.#node(id), { kind: 'metadataChanged', metadata: new TextEncoder().encode(metadata) });
  }

  /** As SIGSTOP. */
  pause(id: string): void {
    this.#node(id).paused = true;
  }

  /** As SIGCONT: what came meanwhile is handled now. */
  resume(id: string): void {
    const node = this.#node(id);
    node.paused = false;
    for (const input of node.held.splice(0)) this.#input(id, node, input);
    this.#wakeLater(id, node);
  }

  run(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.#queue.takeDue(end); due !== undefined; due = this.#queue.takeDue(end)) {
      this.#now = Math.max(this.#now, due.at);
      due.item();
    }
    this.#now = end;
  }

  /** Runs until the condition holds; the virtual milliseconds that took, or undefined when it did not within `limit`. */
  runUntil(condition: () => boolean, limit: number, step = 50): number | undefined {
    const begun = this.#now;
    while (!condition()) {
      if (this.#now - begun >= limit) return undefined;
      this.run(step);
    }
    return this.#now - begun;
  }

  members(id: string): readonly MemberView[] {
    const node = this.#node(id);
    return node.core.members(this.#reading(node.clockAhead).wall);
  }

  /** What a node shows of a member; undefined when it does not show it. */
  shown(observer: string, id: string): MemberView | undefined {
    return this.members(observer).find((member) => member.id === id);
  }

  state(observer: string, id: string): string | undefined {
    return this.shown(observer, id)?.state;
  }

  text(observer: string, id: string): string {
    return new TextDecoder().decode(this.shown(observer, id)?.metadata);
  }

  standing(id: string): ReturnType<GossipCore['standing']> {
    return this.#node(id).core.standing();
  }

  core(id: string): GossipCore {
    return this.#node(id).core;
  }

  events(id: string): readonly GossipEvent[] {
    return this.#node(id).events;
  }

  ids(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  /** When the node's goodbye was finished; undefined while it is not. */
  leftAt(id: string): number | undefined {
    return this.#node(id).left;
  }

  /** Hands a node an input out of the blue, as a peer or a late timer might; what the node wants done is done. */
  poke(id: string, input: Input): void {
    this.#input(id, this.#node(id), input);
  }

  /** Every running node shows all the running ones, and nobody else, HEALTHY. */
  agreed(): boolean {
    const ids = [...new Set([...this.#nodes.values()].map((node) => node.id))].toSorted();
    return this.ids().every((observer) => {
      const members = this.members(observer);
      return (
        members.length === ids.length &&
        members.every((member, index) => member.id === ids[index] && member.state === 'HEALTHY')
      );
    });
  }

  #node(id: string): VirtualNode {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  }

  #reading(clockAhead: number): Now {
    return { monotonic: millis(this.#now), wall: unixMillis(EPOCH + this.#now + clockAhead) };
  }

  #later(delay: number, action: () => void): void {
    this.#queue.add(this.#now + delay, action);
  }

  #input(id: string, node: VirtualNode, input: Input): void {
    if (this.#nodes.get(id) !== node) return;
    if (node.paused) {
      node.held.push(input);
      return;
    }
    const effects = node.core.handle(input, this.#reading(node.clockAhead));
    for (const effect of effects) this.#apply(id, node, effect);
    this.#wakeLater(id, node);
  }

  #wakeLater(id: string, node: VirtualNode): void {
    const at = node.core.nextWakeAt;
    if (!Number.isFinite(at)) return;
    if (node.wakeAt !== undefined && node.wakeAt <= at) return;
    node.wakeAt = at;
    this.#queue.add(Math.max(at, this.#now), () => {
      if (node.wakeAt === at) node.wakeAt = undefined;
      if (node.paused) return;
      if (node.core.nextWakeAt <= this.#now) this.#input(id, node, { kind: 'wake' });
      else this.#wakeLater(id, node);
    });
  }

  #apply(id: string, node: VirtualNode, effect: Effect): void {
    this.watch(id, effect);
    switch (effect.kind) {
      case 'event':
        node.events.push(effect.event);
        if (effect.event.kind === 'memberChanged') {
          const { id: member, from, to } = effect.event;
          this.changes.push({ at: this.#now, observer: id, id: member, from, to });
        }
        break;
      case 'resolve': {
        const addresses = this.names.get(effect.target) ?? (effect.target.startsWith('dns') ? [] : [effect.target]);
        this.#later(1, () => this.#input(id, node, { kind: 'resolved', target: effect.target, addresses }));
        break;
      }
      case 'leaveFinished':
        node.left = this.#now;
        break;
      case 'sendHeartbeat':
      case 'sendDiff':
      case 'sendProbe':
        this.#call(id, node, effect);
        break;
      case 'answerHeartbeat':
      case 'answerDiff':
      case 'answerProbe':
      case 'refuse':
        this.#answers.get(effect.call)?.(effect);
        this.#answers.delete(effect.call);
        break;
    }
  }

  #listening(address: string): readonly [string, VirtualNode] | undefined {
    for (const entry of this.#nodes) if (entry[1].address === address) return entry;
    return undefined;
  }

  readonly #answers = new Map<number, (effect: Effect) => void>();

  #call(id: string, node: VirtualNode, effect: Send): void {
    const { exchange, address } = effect;
    const from = node.address;
    let done = false;
    const conclude = (input: Input): void => {
      if (done) return;
      done = true;
      this.#input(id, node, input);
    };
    this.#later(RPC_TIMEOUT, () => conclude({ kind: 'exchangeFailed', exchange, reason: 'timeout' }));
    if (!this.reaches(from, address)) return;
    this.#later(LATENCY, () => {
      const found = this.#listening(address);
      if (found === undefined) {
        if (this.reaches(address, from)) {
          this.#later(LATENCY, () => conclude({ kind: 'exchangeFailed', exchange, reason: 'unreachable' }));
        }
        return;
      }
      this.#calls += 1;
      const call = this.#calls;
      this.#answers.set(call, (answer) => {
        if (!this.reaches(address, from)) return;
        this.#later(LATENCY, () => {
          if (answer.kind === 'answerHeartbeat') {
            conclude({ kind: 'heartbeatAnswered', exchange, message: answer.message });
          } else if (answer.kind === 'answerDiff') {
            conclude({ kind: 'diffAnswered', exchange, message: answer.message });
          } else if (answer.kind === 'answerProbe') {
            conclude({ kind: 'probeAnswered', exchange, message: answer.message });
          } else {
            conclude({ kind: 'exchangeFailed', exchange, reason: 'refused' });
          }
        });
      });
      this.#input(found[0], found[1], received(effect, call));
    });
  }
}

function received(effect: Send, call: number): Input {
  switch (effect.kind) {
    case 'sendHeartbeat':
      return { kind: 'heartbeatReceived', call, message: effect.message };
    case 'sendDiff':
      return { kind: 'diffReceived', call, message: effect.message };
    case 'sendProbe':
      return { kind: 'probeReceived', call, message: effect.message };
  }
}

/** Starts `count` nodes n0, n1, …, each but the first joined to the first, and runs until they agree. */
export function formedMesh(count: number, seed = 1, config: Partial<GossipConfig> = {}): VirtualMesh {
  const mesh = new VirtualMesh(seed);
  for (let index = 0; index < count; index += 1) {
    mesh.start(`n${index}`, { config, ...(index === 0 ? {} : { join: ['n0:1'] }) });
  }
  if (mesh.runUntil(() => mesh.agreed(), 60_000) === undefined) throw new Error('the mesh did not form');
  return mesh;
}
