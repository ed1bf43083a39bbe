import type { GossipCore } from '../gossip/core.ts';
import type { Effect } from '../gossip/effect.ts';
import type { Input } from '../gossip/input.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Clock } from './clock.ts';
import type { Recorder } from './recorder.ts';

/** Node's longest timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface CoreDriverOptions {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Writes down the inputs and what they lead to. */
  readonly record?: Recorder | undefined;
  /** Carries out an effect. Inputs that it leads to at once are taken in after the one at hand. */
  readonly apply: (effect: Effect) => void;
  /** Is called when no more inputs wait. */
  readonly settled: () => void;
}

/** Drives a core in real time: feeds it inputs one at a time, in the order of their coming, and wakes it when it wants that. */
export class CoreDriver {
  readonly #options: CoreDriverOptions;
  #core: GossipCore | undefined;
  #inputs: Input[] = [];
  #handling = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CoreDriverOptions) {
    this.#options = options;
  }

  /** The core that is driven; undefined before the start and after the end. */
  get core(): GossipCore | undefined {
    return this.#core;
  }

  start(core: GossipCore): void {
    this.#core = core;
    this.take({ kind: 'start' });
  }

  /** Does not wake the core of itself, unless another input comes: peers are still answered. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Drives no longer. Inputs that come later are dropped. */
  stop(): void {
    this.rest();
    this.#core = undefined;
  }

  /** Takes an input in, and carries out what it leads to. */
  take(input: Input): void {
    this.#inputs.push(input);
    if (this.#handling) return;
    this.#handling = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        for (const effect of this.#handle(next)) this.#options.apply(effect);
      }
    } finally {
      this.#handling = false;
    }
    this.#options.settled();
    this.#armTimer();
  }

  #handle(input: Input): readonly Effect[] {
    if (this.#core === undefined) return [];
    const { clock, record } = this.#options;
    const now = clock();
    try {
      const effects = this.#core.handle(input, now);
      record?.took(input, now, effects);
      return effects;
    } catch (error) {
      record?.threw(input, now, error);
      throw error;
    }
  }

  #armTimer(): void {
    clearTimeout(this.#timer);
    if (this.#core === undefined || !Number.isFinite(this.#core.nextWakeAt)) return;
    const now = this.#options.clock().monotonic;
    const delay = Math.ceil(Math.min(MAX_TIMER_MS, Math.max(0, this.#core.nextWakeAt - now)));
    this.#timer = setTimeout(() => this.#wake(now + delay), delay);
  }

  /** @param due when it should have happened, monotonic */
  #wake(due: number): void {
    const late = Math.max(0, this.#options.clock().monotonic - due);
    this.#options.metrics.eventLoopDelay.observe(late / 1_000);
    this.take({ kind: 'wake' });
  }
}
