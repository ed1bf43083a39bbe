import type { Step, World } from '../engine/world.ts';

/** The invariants of the protocol's section 9, by their names there. */
export type Invariant = 'agreement' | 'completeness' | 'accuracy' | 'monotony' | 'authorship' | 'no ghosts' | 'bounds';

/** What was broken: which node, about which member, when and why. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;
  /** Virtual time, ms. */
  readonly at: number;
  /** The node at which it shows. */
  readonly node: string;
  /** The member that it is about, if it is about one. */
  readonly member: string | undefined;

  constructor(invariant: Invariant, at: number, node: string, member: string | undefined, why: string) {
    const about = member === undefined ? '' : ` about ${member}`;
    super(`${invariant}: at ${(at / 1_000).toFixed(3)} s node ${node}${about}: ${why}`);
    this.invariant = invariant;
    this.at = at;
    this.node = node;
    this.member = member;
  }
}

/** Watches a run. Each part throws a {@link Violation} at what must not be. */
export interface Checker {
  readonly invariant: Invariant;
  /** After every step of any node. */
  onStep?(step: Step): void;
  /** Once in every gossip interval of virtual time. */
  onCycle?(): void;
  /** When all faults are over and the mesh has had its time to settle. */
  onSettled?(): void;
}

/** Makes a checker for one run. */
export type CheckerFactory = (world: World) => Checker;
