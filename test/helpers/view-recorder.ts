import { setTimeout as delay } from 'node:timers/promises';
import type { AgentProcess, MemberJson } from './agent-process.ts';

const POLL_MS = 100;

/** A change in what a node shows of a member. */
export interface Sighting {
  /** Monotonic, in milliseconds. */
  readonly at: number;
  readonly id: string;
  /** `gone`: it was shown before, and is no longer. */
  readonly state: MemberJson['peerState'] | 'gone';
  readonly left: boolean;
}

/**
 * Watches a node's memberlist and keeps every change of every member, so that "was never shown as" is a fact and not the luck of
 * when a test looked.
 */
export class ViewRecorder {
  readonly agent: AgentProcess;
  readonly #pollMs: number;
  readonly #sightings: Sighting[] = [];
  readonly #shown = new Map<string, Sighting>();
  readonly #done: Promise<void>;
  #stopped = false;
  #lookedAt = performance.now();
  #longestGap = 0;

  /** @param pollMs from one look to the next */
  constructor(agent: AgentProcess, pollMs = POLL_MS) {
    this.agent = agent;
    this.#pollMs = pollMs;
    this.#done = this.#watch();
  }

  /** The longest time between two looks that succeeded, in milliseconds: what is shorter than that may have been missed. */
  get longestGap(): number {
    return Math.max(this.#longestGap, performance.now() - this.#lookedAt);
  }

  /** All that was seen, in order. */
  get all(): readonly Sighting[] {
    return this.#sightings;
  }

  /** What the last look that succeeded saw of each member. One that is no longer shown is `gone`. */
  get shown(): ReadonlyMap<string, Sighting> {
    return this.#shown;
  }

  /** What was seen of a member, in order. */
  of(id: string): readonly Sighting[] {
    return this.#sightings.filter((sighting) => sighting.id === id);
  }

  /** The states that were seen of a member, in order. */
  states(id: string): readonly Sighting['state'][] {
    return this.of(id).map(({ state }) => state);
  }

  /** When a member was first shown in a state, in milliseconds after a moment; NaN when it never was. */
  firstAfter(moment: number, id: string, state: Sighting['state']): number {
    const sighting = this.of(id).find((seen) => seen.state === state && seen.at >= moment);
    return sighting === undefined ? Number.NaN : sighting.at - moment;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped && this.agent.isRunning) {
      try {
        const members = await this.agent.memberlist();
        this.#take(members, performance.now());
      } catch {
        // An agent that does not answer shows nothing; `longestGap` tells.
      }
      await delay(this.#pollMs);
    }
  }

  #take(members: readonly MemberJson[], now: number): void {
    this.#longestGap = Math.max(this.#longestGap, now - this.#lookedAt);
    this.#lookedAt = now;
    const gone = new Set(this.#shown.keys());
    for (const { id, peerState, left = false } of members) {
      gone.delete(id);
      this.#note({ at: now, id, state: peerState, left });
    }
    for (const id of gone) this.#note({ at: now, id, state: 'gone', left: false });
  }

  #note(sighting: Sighting): void {
    const before = this.#shown.get(sighting.id);
    if (before?.state === sighting.state && before.left === sighting.left) return;
    this.#sightings.push(sighting);
    this.#shown.set(sighting.id, sighting);
  }
}
