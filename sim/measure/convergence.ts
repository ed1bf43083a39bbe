import type { Episode } from './run-data.ts';
import { rounded } from './summary.ts';

interface Open {
  readonly at: number;
  live: number;
  took: number | undefined;
}

/** Times how long the mesh takes to agree after its last start and after each heal. */
export class Convergence {
  #start: Open | undefined;
  readonly #heals: Open[] = [];
  #healing: Open | undefined;

  /** The mesh has agreed since the last start. */
  get formed(): boolean {
    return this.#start?.took !== undefined;
  }

  /** A node has started: what counts is the last one. */
  started(at: number): void {
    this.#start = { at, live: 0, took: undefined };
  }

  healed(at: number): void {
    this.#healing = { at, live: 0, took: undefined };
    this.#heals.push(this.#healing);
  }

  /** The network is no longer whole: what has not agreed by now does not count as agreeing by itself. */
  broken(): void {
    this.#healing = undefined;
  }

  /** All live nodes agree at this time. */
  agreed(at: number, live: number): void {
    if (this.#start !== undefined) close(this.#start, at, live);
    if (this.#healing !== undefined) close(this.#healing, at, live);
    this.#healing = undefined;
  }

  finish(): { readonly start: Episode | null; readonly heals: readonly Episode[] } {
    return { start: this.#start === undefined ? null : episode(this.#start), heals: this.#heals.map(episode) };
  }
}

function close(open: Open, at: number, live: number): void {
  if (open.took !== undefined) return;
  open.took = at - open.at;
  open.live = live;
}

function episode({ at, live, took }: Open): Episode {
  return { at: rounded(at), live, tookMs: took === undefined ? null : rounded(took) };
}
