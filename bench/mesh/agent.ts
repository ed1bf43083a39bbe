import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Sight } from './sightings.ts';

/** One agent of a mesh, whichever program it is of. */
export interface Agent {
  readonly id: string;
  readonly process: ChildProcess;
  /** Where others join it. */
  readonly address: string;
  /** Changes a label (or tag) of its own. Resolves once that is asked for. */
  update(value: string): Promise<void>;
  /** Begins to tell of updates of others; what it gives ends that. Everything else is told all the time. */
  watchUpdates(): Promise<() => void>;
  /** Asks it to leave its mesh and end. */
  leave(): void;
}

/** A program whose agents form a mesh. */
export interface Program {
  readonly name: string;
  /**
   * Starts an agent and waits until it takes part.
   *
   * @param number from 0, of its own in the mesh
   * @param join the address of another; undefined for the first
   * @param saw is told what it shows
   */
  start(number: number, join: string | undefined, saw: (sight: Sight, member: string) => void): Promise<Agent>;
  /**
   * Starts several nodes in one process, with all that an agent has but its HTTP server and its log. Absent: this program has no such thing.
   *
   * @param saw is told what each of them shows
   */
  startCrowd?(
    ids: readonly string[],
    join: string,
    saw: (observer: string, sight: Sight, member: string) => void,
  ): Promise<ChildProcess>;
}

/** Kills a process as a crash would. */
export async function crash(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = once(process, 'close');
  process.kill('SIGKILL');
  await ended;
}
