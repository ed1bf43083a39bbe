import type { NodeId, Version } from '../../src/base/brands.ts';
import type { GossipCore } from '../../src/gossip/core.ts';
import type { ExchangeId } from '../../src/gossip/input.ts';
import type { Roster } from '../../src/gossip/roster.ts';
import type { NodeClock } from './node-clock.ts';

/** What a host keeps over a restart, if it has a disk. */
export interface Disk {
  readonly version: Version;
  readonly peers: readonly string[];
}

/** A call that waits for its outcome. Each step of a handshake is a call of its own. */
export interface OpenCall {
  readonly exchange: ExchangeId;
  readonly deadline: number;
  /** Whether its answer is taken in after the deadline too: where it comes over a stream. Once. */
  mayBeLate: boolean;
}

/** One life of a node on a host: from its start to its crash, its leave or the end of the run. */
export class Life {
  readonly core: GossipCore;
  readonly startedAt: number;
  /** Whom it knew from the start, if it was not to find out. */
  readonly known: Roster | undefined;
  /** When the wake that is planned next is due, in virtual time. */
  wakeAt = Number.POSITIVE_INFINITY;
  /** Calls that have no outcome yet. */
  readonly calls = new Map<ExchangeId, OpenCall>();
  /** Where this life has an open connection to, and which life it was opened to. */
  readonly connections = new Map<string, Life>();
  /** What arrived while the process was stopped, to be taken in when it goes on. */
  readonly held: (() => void)[] = [];
  /** The goodbye has been said. */
  left = false;

  constructor(core: GossipCore, startedAt: number, known?: Roster) {
    this.core = core;
    this.startedAt = startedAt;
    this.known = known;
  }
}

/** A machine with an address and clocks, on which a node runs, or not. */
export class Host {
  readonly name: string;
  readonly id: NodeId;
  readonly address: string;
  /** What its node tells others to call it by. */
  advertised: string;
  readonly region: string;
  readonly clock: NodeClock;
  readonly join: readonly string[];
  /** How often its labels have been changed. */
  labelsSet = 0;
  disk: Disk | undefined;
  life: Life | undefined;
  /** The process is stopped, as by SIGSTOP: its kernel still takes what comes. */
  paused = false;
  /** The machine itself is gone: nothing answers, not even with a refusal. */
  vanished = false;
  /** Since when the node has been running without a pause, or has not. Virtual time. */
  since = 0;

  constructor(options: {
    readonly name: string;
    readonly id: NodeId;
    readonly address: string;
    readonly region: string;
    readonly clock: NodeClock;
    readonly join: readonly string[];
  }) {
    this.name = options.name;
    this.id = options.id;
    this.address = options.address;
    this.advertised = options.address;
    this.region = options.region;
    this.clock = options.clock;
    this.join = options.join;
  }

  /** A node runs here, is not stopped, and has not left. */
  get live(): boolean {
    return this.life !== undefined && !this.life.left && !this.paused;
  }
}
