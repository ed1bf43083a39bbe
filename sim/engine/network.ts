import type { Random } from '../../src/base/random.ts';
import { draw, type LatencyModel } from './latency.ts';

/** A packet carries this many bytes of a message (Ethernet, IPv6 and TCP headers taken off). */
const PACKET_BYTES = 1_428;
/** TCP sends a lost packet again after this, then after twice that, and so on (Linux' smallest RTO; RFC 6298, section 5). */
const RESEND_AFTER = 200;
/** The same for the first packet of a connection (RFC 6298, section 2.1). */
const RECONNECT_AFTER = 1_000;
/** After so many losses of one packet the message counts as vanished: its caller has given up long before. */
const MAX_RESENDS = 7;

/** Where a host stands in the network. */
export interface Place {
  readonly name: string;
  readonly region: string;
}

/** What the network does to messages at present, beside cuts. */
export interface Conditions {
  /** The share of packets lost, 0 to 1, on links that touch one of `hosts`; on all links when that is empty. */
  readonly loss: number;
  readonly hosts: ReadonlySet<string>;
  /** The share of requests that arrive twice, 0 to 1. */
  readonly duplication: number;
}

const CALM: Conditions = { loss: 0, hosts: new Set(), duplication: 0 };

/**
 * The virtual network: how long a message travels, and whether it arrives. A lost packet is sent again, as TCP does, so that loss
 * shows as delay until a deadline is missed; a cut link loses everything. Messages overtake each other when their jitter differs.
 */
export class Network {
  readonly model: LatencyModel;
  readonly #random: Random;
  /** Cut links, one way: `from>to`. */
  readonly #cuts = new Set<string>();
  /** Of partitioned hosts, the number of the group each is in. */
  readonly #groups = new Map<string, number>();
  /** What a slow host adds to everything it sends or gets, ms. */
  readonly #slow = new Map<string, number>();
  readonly #bytes = new Map<string, number>();
  conditions: Conditions = CALM;

  constructor(model: LatencyModel, random: Random) {
    this.model = model;
    this.#random = random;
  }

  /** Bytes sent so far over each link that was used: `from>to`. */
  get bytes(): ReadonlyMap<string, number> {
    return this.#bytes;
  }

  /** Cuts the link from one host to another. The way back stays. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
  }

  /** Puts hosts into groups that do not reach each other. Hosts in no group reach, and are reached by, nobody of a group. */
  partition(groups: readonly (readonly string[])[]): void {
    this.#groups.clear();
    for (const [number, group] of groups.entries()) {
      for (const name of group) this.#groups.set(name, number);
    }
  }

  slow(name: string, extra: number): void {
    this.#slow.set(name, extra);
  }

  /** What a slow host adds to everything it sends or gets, ms. */
  slowness(name: string): number {
    return this.#slow.get(name) ?? 0;
  }

  /** Takes away cuts, partitions, loss, duplication and slowness. */
  heal(): void {
    this.#cuts.clear();
    this.#groups.clear();
    this.#slow.clear();
    this.conditions = CALM;
  }

  /** Nothing is cut and nothing is lost. */
  get calm(): boolean {
    return this.#cuts.size === 0 && this.#groups.size === 0 && this.#slow.size === 0 && this.conditions === CALM;
  }

  /** Tells whether packets can get from one host to another at all. */
  reaches(from: string, to: string): boolean {
    return this.#groups.get(from) === this.#groups.get(to) && !this.#cuts.has(`${from}>${to}`);
  }

  /**
   * Sends a message over an open connection.
   *
   * @returns how long it travels, ms, or undefined when it never arrives
   */
  send(from: Place, to: Place, bytes: number): number | undefined {
    const link = `${from.name}>${to.name}`;
    this.#bytes.set(link, (this.#bytes.get(link) ?? 0) + bytes);
    if (!this.reaches(from.name, to.name)) return undefined;
    return this.#travel(from, to, Math.max(1, Math.ceil(bytes / PACKET_BYTES)), RESEND_AFTER);
  }

  /**
   * Opens a connection: a packet there and one back.
   *
   * @returns how long that takes, ms, or undefined when no answer ever comes
   */
  connect(from: Place, to: Place): number | undefined {
    if (!this.reaches(from.name, to.name) || !this.reaches(to.name, from.name)) return undefined;
    const there = this.#travel(from, to, 1, RECONNECT_AFTER);
    const back = this.#travel(to, from, 1, RECONNECT_AFTER);
    return there === undefined || back === undefined ? undefined : there + back;
  }

  /** Whether the next request arrives a second time. */
  duplicates(): boolean {
    return this.conditions.duplication > 0 && this.#random.fraction() < this.conditions.duplication;
  }

  /** The share of packets lost between two hosts, 0 to 1. */
  lossBetween(from: string, to: string): number {
    const { loss, hosts } = this.conditions;
    return hosts.size === 0 || hosts.has(from) || hosts.has(to) ? loss : 0;
  }

  #travel(from: Place, to: Place, packets: number, resendAfter: number): number | undefined {
    const slowness = this.slowness(from.name) + this.slowness(to.name);
    let travel = draw(this.model.between(from.region, to.region), this.#random) + slowness;
    const loss = this.lossBetween(from.name, to.name);
    if (loss === 0) return travel;
    let resends = 0;
    for (let packet = 0; packet < packets; packet += 1) {
      for (let wait = resendAfter; this.#random.fraction() < loss; wait *= 2) {
        resends += 1;
        if (resends > MAX_RESENDS) return undefined;
        travel += wait;
      }
    }
    return travel;
  }
}
