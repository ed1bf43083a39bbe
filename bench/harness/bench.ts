import type { Figure } from './figure.ts';

/** What a bench is told. What is left out is for the bench to choose. */
export interface BenchOptions {
  /** How many runs each figure gets. */
  readonly runs: number;
  /** Nodes of the mesh. */
  readonly nodes?: number;
  /** How many of these nodes share processes. */
  readonly crowd?: number;
  /** Seconds that the mesh is left alone once it has formed. */
  readonly settle?: number;
  /** Seconds of peace after that in which the mesh is only watched. */
  readonly peace?: number;
  /** Seconds that updates of the mesh go on after those that are timed. */
  readonly update?: number;
  /** Gossip interval of the mesh, ms. */
  readonly interval?: number;
  /** Another program that the mesh is compared with. */
  readonly rival?: 'serf';
  /** The file of the command `muster` that is measured. */
  readonly program: string;
  /** Says how far it is. */
  readonly note: (text: string) => void;
}

/** One bench: measures in this process or in others, and gives what it has seen. */
export type Bench = (options: BenchOptions) => Promise<readonly Figure[]>;
