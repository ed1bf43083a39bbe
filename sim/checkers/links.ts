import type { Host } from '../engine/host.ts';
import type { World } from '../engine/world.ts';

/** What a link may do to messages and still count as good. */
export interface LinkQuality {
  /** The greatest share of lost packets. */
  readonly loss: number;
  /** The most that slow hosts at both ends may add to a message, in gossip intervals. */
  readonly slowness: number;
}

/**
 * Since when each pair of hosts has been able to speak with each other in time, both ways. It follows every change of the network, so
 * that a heal elsewhere does not make two hosts strangers that were never parted.
 */
export class Links {
  readonly #world: World;
  readonly #quality: LinkQuality;
  /** Pairs that are parted now (infinity), or were since the run began: since when they are good. The others always were. */
  readonly #since = new Map<string, number>();
  /** The hosts at the last change; undefined before the first one, when the network was whole. */
  #met: ReadonlySet<Host> | undefined;

  constructor(world: World, quality: LinkQuality) {
    this.#world = world;
    this.#quality = quality;
    world.listenNetwork(() => this.#follow());
  }

  /** Since when the link between two hosts has been good without a break, virtual time; infinity when it is not. */
  since(one: Host, other: Host): number {
    const key = keyOf(one, other);
    const known = this.#since.get(key);
    if (known !== undefined) return known;
    // A pair that no change of the network has met: at least one of the two is new, and things are as they were when it came.
    return this.#isGood(one, other) ? 0 : Number.POSITIVE_INFINITY;
  }

  /** Most of the other live hosts have had a good link with this one for `time` ms or longer. */
  reachedByMost(host: Host, time: number): boolean {
    const others = this.#world.live().filter((other) => other !== host);
    const reached = others.filter((other) => this.#world.now - this.since(host, other) >= time);
    return 2 * reached.length > others.length;
  }

  #follow(): void {
    const hosts = [...this.#world.hosts.values()];
    for (const [index, one] of hosts.entries()) {
      for (const other of hosts.slice(index + 1)) {
        const key = keyOf(one, other);
        if (!this.#isGood(one, other)) this.#since.set(key, Number.POSITIVE_INFINITY);
        else if (this.#mayHaveBeenParted(key, one, other)) this.#since.set(key, this.#world.now);
      }
    }
    this.#met = new Set(hosts);
  }

  /** It was parted until now, or one of the two is new and came into a network that may have been. */
  #mayHaveBeenParted(key: string, one: Host, other: Host): boolean {
    const known = this.#since.get(key);
    if (known !== undefined) return known === Number.POSITIVE_INFINITY;
    return this.#met !== undefined && !(this.#met.has(one) && this.#met.has(other));
  }

  #isGood(one: Host, other: Host): boolean {
    const { network, config } = this.#world;
    const slowness = network.slowness(one.name) + network.slowness(other.name);
    return (
      network.reaches(one.name, other.name) &&
      network.reaches(other.name, one.name) &&
      network.lossBetween(one.name, other.name) <= this.#quality.loss &&
      slowness <= this.#quality.slowness * config.gossipInterval
    );
  }
}

function keyOf(one: Host, other: Host): string {
  return one.name < other.name ? `${one.name} ${other.name}` : `${other.name} ${one.name}`;
}
