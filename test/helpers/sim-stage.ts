import type { Checker, CheckerFactory } from '../../sim/checkers/checker.ts';
import { type Host, Life } from '../../sim/engine/host.ts';
import type { Step, World } from '../../sim/engine/world.ts';
import { nodeId, unixMillis, type Version } from '../../src/base/brands.ts';
import { GossipCore } from '../../src/gossip/core.ts';
import type { Effect } from '../../src/gossip/effect.ts';
import type { Input } from '../../src/gossip/input.ts';
import type { MemberView } from '../../src/gossip/view.ts';
import { MemberRecord, type PeerState } from '../../src/store/record.ts';
import { type TestWorld, worldOf } from './sim-world.ts';

/** What a record of a test says, where it matters. */
export interface Said {
  readonly version?: number;
  readonly state?: PeerState;
  readonly left?: boolean;
  readonly metadata?: string;
  readonly address?: string;
}

type Seen = Pick<
  GossipCore,
  | 'record'
  | 'shown'
  | 'members'
  | 'standing'
  | 'tombstoneCount'
  | 'recordCount'
  | 'recordsRevision'
  | 'ownVersion'
  | 'rejoinAddresses'
>;

/** What a checker sees of a core, to be set by hand. */
class Puppet implements Seen {
  readonly held = new Map<string, MemberRecord>();
  /** What is shown where that is not the state of the record; undefined: not shown. */
  readonly verdicts = new Map<string, PeerState | undefined>();
  tombstoneCount = 0;
  /** A test may have changed anything since the last look. */
  #looks = 0;
  ownVersion = 1 as Version;
  leaving = false;

  get recordCount(): number {
    return this.held.size;
  }

  get recordsRevision(): number {
    this.#looks += 1;
    return this.#looks;
  }

  record = (id: string): MemberRecord | undefined => this.held.get(id);

  shown = (id: string): PeerState | undefined =>
    this.verdicts.has(id) ? this.verdicts.get(id) : this.held.get(id)?.state;

  members = (): readonly MemberView[] =>
    [...this.held.values()].flatMap((record) => {
      const state = this.shown(record.id);
      const { id, address, version, left, metadata } = record;
      const lastSeen = unixMillis(0);
      const view = { id, address, version, left, metadata, lastSeen, isLocal: false, reachability: 'direct' } as const;
      return state === undefined ? [] : [{ ...view, state }];
    });

  rejoinAddresses = (): readonly string[] => [];

  standing = (): ReturnType<GossipCore['standing']> => ({
    firstRoundTried: true,
    leaving: this.leaving,
    isolated: false,
    waitingFor: [],
    duplicateAddresses: [],
  });
}

/**
 * A world in which nothing happens by itself: hosts whose nodes do as the test says, and a clock that the test moves. For showing a checker
 * one thing at a time.
 */
export class Stage {
  readonly world: World;
  readonly #puppets = new Map<string, Puppet>();
  #calls = 0;

  /** @param count hosts `n0`, `n1`, …, which have run since time 1 and hold each other's records HEALTHY at version 1 */
  constructor(count: number, options: TestWorld = {}) {
    this.world = worldOf(options);
    this.world.runUntil(1);
    for (let index = 0; index < count; index += 1) this.add(`n${index}`);
    for (const observer of this.world.hosts.keys()) {
      for (const member of this.world.hosts.keys()) this.say(observer, member);
    }
  }

  add(name: string, id = name): Host {
    const host = this.world.addHost(name, { id });
    const puppet = new Puppet();
    const core: GossipCore = Object.create(GossipCore.prototype, {
      ...Object.getOwnPropertyDescriptors(puppet),
      recordCount: { get: () => puppet.recordCount },
      recordsRevision: { get: () => puppet.recordsRevision },
    });
    host.life = new Life(core, this.world.now);
    host.since = this.world.now;
    this.#puppets.set(name, puppet);
    return host;
  }

  checker(make: CheckerFactory): Checker {
    return make(this.world);
  }

  /** The node's life, as it is or was before it ended. */
  lifeOf(observer: string): Life {
    const { life } = this.world.host(observer);
    if (life === undefined) throw new Error(`${observer} does not run`);
    return life;
  }

  /** Sets what a node holds of a member. */
  say(
    observer: string,
    member: string,
    { version = 1, state = 'HEALTHY', left = false, metadata, address }: Said = {},
  ): void {
    const claim = { version: version as Version, state, left, address: address ?? `${member}:7946` };
    const bytes = Buffer.from(metadata ?? `of ${member}`);
    this.puppet(observer).held.set(member, new MemberRecord(nodeId(member), claim, bytes));
  }

  puppet(name: string): Puppet {
    const puppet = this.#puppets.get(name);
    if (puppet === undefined) throw new Error(`there is no ${name}`);
    return puppet;
  }

  /** Moves the clock. */
  wait(seconds: number): void {
    this.world.runUntil(this.world.now + 1_000 * seconds);
  }

  /** A step of a node with these effects. */
  step(observer: string, effects: readonly Effect[] = [], input: Input = { kind: 'wake' }): Step {
    return { at: this.world.now, host: this.world.host(observer), life: this.lifeOf(observer), input, effects };
  }

  /** The step in which a node comes to hold and show something else of a member. */
  change(observer: string, member: string, said: Said | undefined, from?: PeerState): Step {
    if (said === undefined) this.puppet(observer).held.delete(member);
    else this.say(observer, member, said);
    return this.step(observer, [this.changed(observer, member, from)]);
  }

  /** Tells that what a node shows of a member has changed to what it shows now. */
  changed(observer: string, member: string, from?: PeerState): Effect {
    const puppet = this.puppet(observer);
    const record = puppet.held.get(member);
    const to = puppet.shown(member);
    return {
      kind: 'event',
      event: {
        kind: 'memberChanged',
        id: nodeId(member),
        address: `${member}:7946`,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        left: record?.left ?? false,
        version: record?.version ?? (1 as Version),
      },
    };
  }

  /** A number for a call or an exchange. */
  number(): number {
    this.#calls += 1;
    return this.#calls;
  }
}
