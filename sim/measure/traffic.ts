import type { Effect } from '../../src/gossip/effect.ts';
import type { World } from '../engine/world.ts';
import type { TrafficData } from './run-data.ts';
import type { Scale } from './scale.ts';
import { rounded } from './summary.ts';
import type { Watched } from './watched.ts';

const SECOND = 1_000;

/** Counts messages step by step, and reads the network's own account of bytes once a second. */
export class Traffic {
  readonly #world: World;
  readonly #messages: number[] = [];
  readonly #bytes: number[] = [];
  #sent = 0;
  #sentBefore = 0;
  #bytesBefore = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Counts the messages among what a node did. */
  step(effects: readonly Effect[]): void {
    for (const { kind } of effects) {
      if (kind !== 'event' && kind !== 'resolve' && kind !== 'leaveFinished') this.#sent += 1;
    }
  }

  /** A second of the run, or what there was of it, is over. `live`: how many nodes are live. */
  second(live: number): void {
    const bytes = sum(this.#world.network.bytes.values());
    const nodes = Math.max(live, 1);
    this.#bytes.push(rounded((bytes - this.#bytesBefore) / nodes, 1));
    this.#messages.push(rounded((this.#sent - this.#sentBefore) / nodes));
    this.#bytesBefore = bytes;
    this.#sentBefore = this.#sent;
  }

  finish(hosts: Iterable<Watched>, nodeSeconds: number, scale: Scale | undefined): TrafficData {
    const seconds = Math.max(nodeSeconds, 1e-9);
    const sent = new Map<string, number>();
    for (const [link, bytes] of this.#world.network.bytes) {
      const from = link.slice(0, link.indexOf('>'));
      sent.set(from, (sent.get(from) ?? 0) + bytes);
    }
    return {
      messagesPerNodeSecond: rounded(this.#sent / seconds, 3),
      bytesPerNodeSecond: rounded(sum(sent.values()) / seconds, 1),
      worst: this.#worst(hosts, sent),
      largestMessage: scale?.largest ?? null,
      messages: this.#messages,
      bytes: this.#bytes,
    };
  }

  /** Nodes that were hardly there are left out: a start is dear, and one second of it says nothing of a rate. */
  #worst(hosts: Iterable<Watched>, sent: ReadonlyMap<string, number>): TrafficData['worst'] {
    let worst: TrafficData['worst'] = null;
    for (const watched of hosts) {
      const lived = watched.lived(this.#world.now);
      if (lived < SECOND) continue;
      const { name } = watched.host;
      const bytesPerSecond = rounded(((sent.get(name) ?? 0) * SECOND) / lived, 1);
      if (bytesPerSecond > (worst?.bytesPerSecond ?? 0)) worst = { name, bytesPerSecond };
    }
    return worst;
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
