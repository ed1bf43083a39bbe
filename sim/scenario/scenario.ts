import type { Millis } from '../../src/base/brands.ts';
import type { Deed } from './deed.ts';
import type { Expectation } from './expectation.ts';
import type { HostSet } from './hosts.ts';
import type { Settings } from './settings.ts';

/** The network models by the names that scenarios use. */
export const NETWORKS = ['lan', 'wan', 'world'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** When a step is taken. Times are counted from the start of the scenario. */
export type When =
  | { readonly kind: 'at'; readonly time: Millis }
  /** Again and again: at `from`, and after each interval until `to`, that included. */
  | { readonly kind: 'every'; readonly interval: Millis; readonly from: Millis; readonly to: Millis }
  /** To one host after the other: to the first at `from`, to the next an interval later, and so on. */
  | { readonly kind: 'each'; readonly interval: Millis; readonly from: Millis };

/** Something that is done to the mesh, and when. */
export interface Step {
  readonly when: When;
  readonly deed: Deed;
}

/** A whole scenario: a mesh, what is done to it, and what is expected of it. `docs/simulation.md` has its text form. */
export interface Scenario {
  /** What it is about: the comment lines before its first statement, without their mark. */
  readonly about: readonly string[];
  /** How many nodes it has when nothing else is asked for. They are called n0, n1 and so on. */
  readonly nodes: number;
  readonly network: NetworkName;
  /** Whom everybody joins by. */
  readonly join: HostSet;
  /** The nodes start at random times from 0 to this. */
  readonly startOver: Millis;
  /** How long it lasts. It lasts longer when the last step is later than this. */
  readonly run: Millis;
  /** The numbers of the protocol that are not the default. */
  readonly settings: Settings;
  readonly steps: readonly Step[];
  readonly expectations: readonly Expectation[];
}
