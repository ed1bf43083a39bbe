import { millis, type NodeId, type Now, unixMillis } from '../base/brands.ts';
import { Heap } from '../base/heap.ts';
import type { Random } from '../base/random.ts';
import type { GossipConfig } from './config.ts';
import type { Effect } from './effect.ts';
import type { GossipEvent } from './event.ts';
import type { Task } from './task.ts';

/** What all parts of one core share while they handle an input: the time, chance, what is planned, and what is to be done. */
export class Context {
  readonly self: NodeId;
  readonly config: GossipConfig;
  readonly random: Random;
  /** What is to happen at a later time. A task says what it is about, so that a stale one is recognised and dropped. */
  readonly agenda = new Heap<Task>();
  now: Now = { monotonic: millis(0), wall: unixMillis(0) };
  /** The number of the running cycle. */
  cycle = 0;
  #effects: Effect[] = [];

  constructor(self: NodeId, config: GossipConfig, random: Random) {
    this.self = self;
    this.config = config;
    this.random = random;
  }

  emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  tell(event: GossipEvent): void {
    this.#effects.push({ kind: 'event', event });
  }

  /** Plans a task for `delay` ms from now. */
  plan(delay: number, task: Task): void {
    this.agenda.add(this.now.monotonic + delay, task);
  }

  /** Hands over what has been emitted since the last time. */
  takeEffects(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
