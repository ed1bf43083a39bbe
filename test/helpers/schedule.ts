import * as fc from 'fast-check';
import { millis } from '../../src/base/brands.ts';
import { seededRandom } from '../../src/base/random.ts';
import type { Effect } from '../../src/gossip/effect.ts';
import type { Delta } from '../../src/store/delta.ts';
import { type Claim, compareClaims, type Digest } from '../../src/store/record.ts';
import { VirtualMesh } from './virtual-mesh.ts';

/** How many nodes take part in a schedule. Node `i` has the id `n<i>`. */
const NODES = 5;

/** One thing that befalls a mesh. Links are cut one way, from `node` to `other`. */
export type Fault =
  | { readonly kind: 'kill' | 'pause' | 'resume' | 'leave' | 'relabel' | 'isolate'; readonly node: number }
  | { readonly kind: 'restart'; readonly node: number; readonly clockAhead: number; readonly moved: boolean }
  | { readonly kind: 'cut' | 'sever'; readonly node: number; readonly other: number }
  | { readonly kind: 'heal' };

/** A fault, and how long to run on after it (ms). */
export interface Step {
  readonly fault: Fault;
  readonly thenRun: number;
}

export interface Schedule {
  readonly seed: number;
  readonly deadRetention: number;
  /** Whether every node knows all addresses; else only that of the first. */
  readonly joinAll: boolean;
  /** The share of messages that are lost until everything is healed. */
  readonly loss: number;
  readonly steps: readonly Step[];
}

const node = fc.nat({ max: NODES - 1 });
const clockAhead = fc.constantFrom(0, 0, 0, -2_017, 5_039, -3_600_071);

const faults: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill' as const), node }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), node, clockAhead, moved: fc.boolean() }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constantFrom('pause', 'resume', 'leave', 'relabel', 'isolate'), node }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'sever'), node, other: node }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'heal' as const }) },
);

/** Any schedule of up to a dozen faults, each followed by anything from an instant to longer than a detection takes. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  deadRetention: fc.constantFrom(3_000, 15_000, 60_000),
  joinAll: fc.boolean(),
  loss: fc.constantFrom(0, 0, 0.1, 0.3),
  steps: fc.array(fc.record({ fault: faults, thenRun: fc.constantFrom(0, 300, 2_000, 6_000, 13_000, 25_000) }), {
    maxLength: 12,
  }),
});

/** How long a process takes to come up again, ms. */
const RESTART = 53;
/** How long a mesh may take to agree once all faults are over, ms. */
const HEALING = 60_000;
/**
 * How long the running may take to learn of a death, ms: after that nobody may show the dead one HEALTHY again. A node that was
 * paused meanwhile wakes with old beliefs and may vouch for the dead, so the time begins anew with every resumption.
 */
const LEARNING = 30_000;

/**
 * Runs a mesh through a schedule of faults, heals everything, and tells each way in which it broke a promise of the protocol
 * (section 9). What nodes hold is observed from outside: by what they show, and by the digests and deltas they send.
 */
export function violationsOf(schedule: Schedule): readonly string[] {
  const run = new Run(schedule);
  run.form();
  for (const { fault, thenRun } of schedule.steps) {
    run.suffer(fault);
    run.advance(thenRun);
  }
  run.heal();
  return [...run.violations];
}

class Run {
  readonly violations = new Set<string>();
  readonly #schedule: Schedule;
  readonly #mesh: VirtualMesh;
  readonly #severed = new Set<string>();
  readonly #paused = new Set<string>();
  /** What each life of a node has said of each member, the greatest so far. */
  readonly #said = new Map<string, Map<string, Claim>>();
  /** Whom each life of a node has shown as anything but HEALTHY. */
  readonly #doubted = new Map<string, Set<string>>();
  /** What the owner wrote at each of its versions. */
  readonly #written = new Map<string, string>();
  readonly #diedAt = new Map<string, number>();
  readonly #texts = new Map<string, string>();
  readonly #addresses = new Map<string, string>();
  /** Nodes that have had a life with a wrong clock. */
  readonly #misled = new Set<string>();
  #lossy = false;
  #resumedAt = 0;
  #lives = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#mesh = new VirtualMesh(schedule.seed);
    const chance = seededRandom(schedule.seed + 1);
    this.#mesh.reaches = (from, to) =>
      !this.#severed.has(`${hostOf(from)}>${hostOf(to)}`) && (!this.#lossy || chance.fraction() >= schedule.loss);
    this.#mesh.watch = (name, effect) => this.#observe(name, effect);
  }

  form(): void {
    for (let node = 0; node < NODES; node += 1) this.#start(node, 0, false);
    if (this.#mesh.runUntil(() => this.#mesh.agreed(), 20_000) === undefined)
      this.violations.add('the mesh did not form');
    this.#lossy = true;
  }

  suffer(fault: Fault): void {
    if (fault.kind === 'heal') {
      this.#severed.clear();
      return;
    }
    const name = `n${fault.node}`;
    const runs = this.#mesh.ids().includes(name);
    switch (fault.kind) {
      case 'restart':
        this.#kill(name);
        // No process comes up within the millisecond in which it ended; two lives never begin at one version.
        this.advance(RESTART);
        this.#start(fault.node, fault.clockAhead, fault.moved);
        break;
      case 'kill':
        this.#kill(name);
        break;
      case 'cut':
      case 'sever':
        this.#severed.add(`${name}>n${fault.other}`);
        if (fault.kind === 'sever') this.#severed.add(`n${fault.other}>${name}`);
        break;
      case 'isolate':
        for (let other = 0; other < NODES; other += 1) {
          if (other !== fault.node) this.#severed.add(`${name}>n${other}`).add(`n${other}>${name}`);
        }
        break;
      case 'pause':
        if (runs && this.#mesh.leftAt(name) === undefined) {
          this.#paused.add(name);
          this.#mesh.pause(name);
        }
        break;
      case 'resume':
        this.#resume(name);
        break;
      case 'leave':
        if (runs && !this.#paused.has(name)) this.#mesh.leave(name);
        break;
      case 'relabel':
        if (runs && !this.#paused.has(name)) this.#relabel(name);
        break;
    }
  }

  /** Runs on; a node that has said goodbye stops. */
  advance(ms: number): void {
    const end = this.#mesh.now + ms;
    while (this.#mesh.now < end) {
      this.#mesh.run(Math.min(1_000, end - this.#mesh.now));
      for (const name of this.#mesh.ids()) {
        if (this.#mesh.leftAt(name) !== undefined) this.#kill(name);
      }
      this.#checkShown();
    }
  }

  /** Ends all faults. Where some could not find the others any more, for want of an address, the first node comes up again. */
  heal(): void {
    this.#lossy = false;
    this.#severed.clear();
    for (const name of this.#paused) this.#resume(name);
    while (this.#mesh.ids().some((name) => this.#mesh.standing(name).leaving)) this.advance(500);
    const findable = this.#schedule.joinAll && this.#addresses.size === 0;
    if (!findable && !this.#mesh.ids().includes('n0')) this.#start(0, 0, false);
    const end = this.#mesh.now + HEALING;
    while (!this.#agrees() && this.#mesh.now < end) this.advance(500);
    if (!this.#agrees()) this.violations.add(`no agreement: ${this.#picture()}`);
  }

  #start(node: number, wished: number, moved: boolean): void {
    const name = `n${node}`;
    this.#lives += 1;
    if (moved && node > 0) this.#addresses.set(name, `${name}:${this.#lives}`);
    const text = `${name} life ${this.#lives}`;
    this.#texts.set(name, text);
    this.#said.set(name, new Map());
    this.#doubted.set(name, new Set());
    this.#diedAt.delete(name);
    const known = this.#schedule.joinAll ? [...Array(NODES).keys()] : [0];
    // Two lives that both answer one former life, each unheard by the other, may choose one version; so one life only has a wrong clock.
    const clockAhead = this.#misled.has(name) ? 0 : wished;
    if (clockAhead !== 0) this.#misled.add(name);
    this.#mesh.start(name, {
      join: known.map((index) => `n${index}:1`),
      address: this.#addresses.get(name) ?? `${name}:1`,
      metadata: text,
      clockAhead,
      config: { deadRetention: millis(this.#schedule.deadRetention) },
    });
  }

  #kill(name: string): void {
    if (!this.#mesh.ids().includes(name)) return;
    this.#paused.delete(name);
    this.#mesh.kill(name);
    this.#diedAt.set(name, this.#mesh.now);
  }

  #resume(name: string): void {
    if (!this.#paused.delete(name)) return;
    this.#resumedAt = this.#mesh.now;
    this.#mesh.resume(name);
  }

  #relabel(name: string): void {
    const text = `${this.#texts.get(name) ?? name}'`;
    this.#texts.set(name, text);
    this.#mesh.relabel(name, text);
  }

  #observe(name: string, effect: Effect): void {
    switch (effect.kind) {
      case 'sendHeartbeat':
        this.#hearDigest(name, effect.message.digest);
        break;
      case 'sendDiff':
      case 'answerHeartbeat':
        this.#hearDigest(name, effect.message.digest);
        this.#hearDelta(name, effect.message.delta);
        break;
      case 'answerDiff':
        this.#hearDelta(name, effect.message.delta);
        break;
      case 'event':
        if (effect.event.kind === 'memberChanged') this.#checkGhost(name, effect.event);
        break;
      default:
        break;
    }
  }

  #hearDigest(name: string, digest: Digest): void {
    for (const [id, claim] of digest) this.#hear(name, id, claim);
  }

  #hearDelta(name: string, delta: Delta): void {
    for (const record of delta) {
      this.#hear(name, record.id, record);
      this.#checkWritten(record.id, record.version, new TextDecoder().decode(record.metadata), name);
    }
  }

  /** Monotony: what one life of a node says of a member never gets less. */
  #hear(name: string, id: string, claim: Claim): void {
    const said = this.#said.get(name);
    const before = said?.get(id);
    if (before !== undefined && compareClaims(claim, before) < 0) {
      this.violations.add(`monotony: ${name} says less of ${id} at ${this.#mesh.now} than before`);
    }
    said?.set(id, claim);
  }

  /** Authorship: at one version everybody shows what the owner wrote at it. */
  #checkWritten(id: string, version: number, text: string, by: string): void {
    const key = `${id}@${version}`;
    const first = this.#written.get(key);
    if (first === undefined) this.#written.set(key, text);
    else if (first !== text)
      this.violations.add(`authorship: ${by} shows '${text}' for ${key}, '${first}' was written`);
  }

  /** No ghosts: once a death can be known, nobody who showed the member as failing shows it alive again. */
  #checkGhost(
    observer: string,
    { id, from, to }: { readonly id: string; readonly from?: string; readonly to?: string },
  ): void {
    const doubted = this.#doubted.get(observer);
    if (to !== 'HEALTHY') doubted?.add(id);
    if (!doubted?.has(id)) return;
    const diedAt = this.#diedAt.get(id);
    if (diedAt === undefined || this.#paused.size > 0) return;
    if (this.#mesh.now - Math.max(diedAt, this.#resumedAt) < LEARNING) return;
    if (to === 'HEALTHY' && from !== 'HEALTHY') {
      const before = from ?? 'gone';
      this.violations.add(
        `ghost: ${observer} shows ${id}, dead since ${diedAt}, HEALTHY after ${before} at ${this.#mesh.now}`,
      );
    }
  }

  #checkShown(): void {
    for (const observer of this.#mesh.ids()) {
      for (const { id, version, metadata } of this.#mesh.members(observer)) {
        this.#checkWritten(id, version, new TextDecoder().decode(metadata), observer);
      }
    }
  }

  /** Everybody who runs shows everybody who runs HEALTHY with its latest words, and all others at most as DEAD. */
  #agrees(): boolean {
    const running = this.#mesh.ids();
    return running.every((observer) => {
      const members = this.#mesh.members(observer);
      return (
        members.every(({ id, state }) => state === (running.includes(id) ? 'HEALTHY' : 'DEAD')) &&
        running.every((id) => this.#mesh.shown(observer, id) !== undefined) &&
        running.every((id) => this.#mesh.text(observer, id) === this.#texts.get(id))
      );
    });
  }

  #picture(): string {
    const rows = this.#mesh.ids().map((observer) => {
      const members = this.#mesh.members(observer).map(({ id, state, left }) => `${id} ${state}${left ? ' left' : ''}`);
      return `${observer}: ${members.join(', ')}`;
    });
    return rows.join('; ');
  }
}

function hostOf(address: string): string {
  return address.slice(0, address.indexOf(':'));
}
