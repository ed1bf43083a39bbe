import { setTimeout as delay } from 'node:timers/promises';
import { MEMBERLIST_PATH } from '../../http/paths.ts';
import type { NodeAccess } from './node-access.ts';
import { credentials, targetOf } from './request.ts';

/** Times of a watch, in milliseconds. */
interface Timing {
  /** A watch speaks every 15 s at the least; one that is silent for longer than this is dead. */
  readonly silence: number;
  /** How long after the end of a watch the next one is opened. */
  readonly reopen: number;
}

const TIMING: Timing = { silence: 40_000, reopen: 1_000 };

/**
 * Rings whenever a node's memberlist changes, by a watch that is opened again for as long as it takes. What has changed is for the one
 * who waits to ask; a node that can not be watched just does not ring.
 */
export class Bell {
  readonly #ended: AbortSignal;
  readonly #timing: Timing;
  #rung = false;
  #wake: (() => void) | undefined;

  /**
   * @param ended closes the watch
   * @param timing for tests
   */
  constructor(node: NodeAccess, ended: AbortSignal, timing = TIMING) {
    this.#ended = ended;
    this.#timing = timing;
    void this.#watch(node);
  }

  /** Waits for the bell to ring, if it has not done so since the last time, for this long at most, or until the end. */
  async wait(most: number): Promise<void> {
    const over = new AbortController();
    const rung = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (!this.#rung) {
      const signal = AbortSignal.any([over.signal, this.#ended]);
      await Promise.race([rung, delay(most, undefined, { signal }).catch(() => undefined)]);
      over.abort();
    }
    this.#rung = false;
  }

  async #watch(node: NodeAccess): Promise<void> {
    while (!this.#ended.aborted) {
      await this.#listen(node).catch(() => undefined);
      await delay(this.#timing.reopen, undefined, { signal: this.#ended }).catch(() => undefined);
    }
  }

  /** Listens until the watch ends, in whatever way. */
  async #listen(node: NodeAccess): Promise<void> {
    const silent = new AbortController();
    const timer = setTimeout(() => silent.abort(), this.#timing.silence);
    try {
      const query = new URLSearchParams({ watch: 'true' });
      const answer = await fetch(targetOf(node, { path: MEMBERLIST_PATH, query }), {
        headers: { accept: 'text/event-stream', ...credentials(node) },
        redirect: 'manual',
        signal: AbortSignal.any([this.#ended, silent.signal]),
      });
      if (!answer.ok) return await answer.body?.cancel();
      for await (const chunk of answer.body ?? []) {
        timer.refresh();
        if (chunk.byteLength > 0) this.#ring();
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #ring(): void {
    this.#rung = true;
    this.#wake?.();
  }
}
