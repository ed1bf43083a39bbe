import { compareRecords, type MemberRecord, type PeerState } from '../../src/store/record.ts';
import type { Watched } from './watched.ts';

/** A view of a member in one byte: how it is shown, and whether what is held of it is the member's own record. */
const ABSENT = 0;
const STATES = { HEALTHY: 1, SUSPECTED_DEAD: 2, DEAD: 3 } as const;
const STATE_MASK = 3;
const AGREES = 4;
/** What every live node is to show of every live node. */
const RIGHT = STATES.HEALTHY | AGREES;

/** How many live nodes show a member how; in the order absent, HEALTHY, SUSPECTED_DEAD, DEAD. */
export type Tally = readonly [absent: number, healthy: number, suspected: number, dead: number];

/**
 * What every node shows of every member, kept up to date change by change: one step costs what it changed. A node's start or end and a
 * member's own new version cost one pass over the nodes, which the mesh itself pays many times over.
 */
export class Views {
  /** By observer, then by member. */
  readonly #rows: Uint8Array[] = [];
  readonly #tallies: [number, number, number, number][] = [];
  /** How many live hosts have this member's id. */
  readonly #incarnations: number[] = [];
  readonly #own: (MemberRecord | undefined)[] = [];
  readonly #observers: Watched[] = [];
  readonly #touched = new Set<number>();
  #live = 0;
  #wrong = 0;

  /** All live nodes show all live nodes HEALTHY and hold their own records. */
  get agreed(): boolean {
    return this.#wrong === 0;
  }

  /** Live nodes. */
  get live(): number {
    return this.#live;
  }

  /** Hands out the members of whom something has changed since the last time. */
  takeTouched(): readonly number[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  addMember(): void {
    const member = this.#tallies.length;
    this.#tallies.push([this.#live, 0, 0, 0]);
    this.#incarnations.push(0);
    this.#own.push(undefined);
    this.#touched.add(member);
  }

  addObserver(observer: Watched): void {
    this.#observers.push(observer);
    this.#rows.push(new Uint8Array(this.#tallies.length));
  }

  tally(member: number): Tally {
    return this.#tallies[member] ?? [0, 0, 0, 0];
  }

  shows(observer: Watched, member: number): PeerState | undefined {
    const state = this.#code(observer, member) & STATE_MASK;
    return state === STATES.HEALTHY
      ? 'HEALTHY'
      : state === STATES.SUSPECTED_DEAD
        ? 'SUSPECTED_DEAD'
        : state === STATES.DEAD
          ? 'DEAD'
          : undefined;
  }

  /** A node becomes live (1), or ceases to be (−1): it counts as an observer and as a member, or no longer does. */
  turn(observer: Watched, by: 1 | -1): void {
    this.#live += by;
    for (let member = 0; member < this.#tallies.length; member += 1) {
      if (member === observer.member) continue;
      this.#count(member, this.#code(observer, member), by);
    }
    const before = this.#incarnations[observer.member] ?? 0;
    this.#incarnations[observer.member] = before + by;
    if (before + by > 1 || before > 1) return;
    for (const other of this.#observers) {
      if (other === observer || !other.live || other.member === observer.member) continue;
      if (this.#code(other, observer.member) !== RIGHT) this.#wrong += by;
    }
  }

  /** A node that begins knows nobody. Call while it is not live. */
  forget(observer: Watched): void {
    this.#rows[observer.index]?.fill(0);
  }

  /** A node that begins shows all members as they are, and they it. Call while it is not live. `record`: what it says of itself. */
  formed(observer: Watched, record: MemberRecord | undefined): void {
    this.#own[observer.member] = record;
    this.#row(observer, this.#tallies.length - 1).fill(RIGHT);
  }

  /** A node shows a member in another way, or holds another record of it. */
  set(observer: Watched, member: number, shown: PeerState | undefined, held: MemberRecord | undefined): void {
    const code = (shown === undefined ? ABSENT : STATES[shown]) | (this.#isOwn(member, held) ? AGREES : 0);
    this.#put(observer, member, code);
  }

  /** A member speaks: what others hold of it is compared with its new record. */
  spoke(speaker: Watched, record: MemberRecord | undefined): void {
    const { member, host } = speaker;
    this.#own[member] = record;
    for (const observer of this.#observers) {
      if (observer.member === member || observer.life === undefined) continue;
      const held = observer.life.core.record(host.id);
      const state = this.#code(observer, member) & STATE_MASK;
      this.#put(observer, member, state | (this.#isOwn(member, held) ? AGREES : 0));
    }
  }

  #isOwn(member: number, held: MemberRecord | undefined): boolean {
    const own = this.#own[member];
    return own !== undefined && held !== undefined && (own === held || compareRecords(own, held) === 0);
  }

  #put(observer: Watched, member: number, code: number): void {
    const before = this.#code(observer, member);
    if (before === code) return;
    if (observer.live) this.#count(member, before, -1);
    this.#row(observer, member)[member] = code;
    if (observer.live) this.#count(member, code, 1);
  }

  #count(member: number, code: number, by: 1 | -1): void {
    const tally = this.#tallies[member];
    const state = code & STATE_MASK;
    if (tally !== undefined) tally[state] = (tally[state] ?? 0) + by;
    this.#touched.add(member);
    if (code !== RIGHT && (this.#incarnations[member] ?? 0) > 0) this.#wrong += by;
  }

  #code(observer: Watched, member: number): number {
    return this.#rows[observer.index]?.[member] ?? ABSENT;
  }

  /** A row with room for this member. */
  #row(observer: Watched, member: number): Uint8Array {
    const row = this.#rows[observer.index] ?? new Uint8Array(0);
    if (member < row.length) return row;
    const longer = new Uint8Array(Math.max(2 * row.length, member + 1));
    longer.set(row);
    this.#rows[observer.index] = longer;
    return longer;
  }
}
