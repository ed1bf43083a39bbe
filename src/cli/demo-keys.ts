import type { Key } from 'node:readline';

/** What a key asks the demo for. */
export type DemoCommand =
  | { readonly do: 'move'; readonly by: number }
  | { readonly do: 'digit'; readonly digit: number }
  | { readonly do: DemoDeed | 'help' | 'quit' };

/** What can be done to the chosen cluster. */
export type DemoDeed = 'kill' | 'pause' | 'cut' | 'restart' | 'relabel';

const LETTERS: ReadonlyMap<string, DemoCommand['do'] & (DemoDeed | 'help' | 'quit')> = new Map([
  ['k', 'kill'],
  ['p', 'pause'],
  ['c', 'cut'],
  ['r', 'restart'],
  ['l', 'relabel'],
  ['?', 'help'],
  ['h', 'help'],
  ['q', 'quit'],
]);
const MOVES: ReadonlyMap<string, number> = new Map([
  ['up', -1],
  ['down', 1],
  ['left', -1],
  ['right', 1],
  ['pageup', -10],
  ['pagedown', 10],
  ['home', Number.NEGATIVE_INFINITY],
  ['end', Number.POSITIVE_INFINITY],
]);

/** What a key press means; undefined when it means nothing. */
export function commandOf(text: string | undefined, key: Key): DemoCommand | undefined {
  if (key.ctrl === true) return key.name === 'c' || key.name === 'd' ? { do: 'quit' } : undefined;
  if (key.meta === true) return undefined;
  const by = MOVES.get(key.name ?? '');
  if (by !== undefined) return { do: 'move', by };
  if (text !== undefined && /^\d$/.test(text)) return { do: 'digit', digit: Number(text) };
  const asked = LETTERS.get(text?.toLowerCase() ?? '');
  return asked === undefined ? undefined : { do: asked };
}

/** Two digits within this time are one number. */
const NUMBER_MS = 1_000;

/** Which of a list is chosen. */
export class Choice {
  readonly #count: number;
  #at = 0;
  #typed = { number: 0, at: Number.NEGATIVE_INFINITY };

  /** @param count how many there are, at least one */
  constructor(count: number) {
    this.#count = count;
  }

  /** From 0. */
  get at(): number {
    return this.#at;
  }

  /** Moves up or down, no further than to the first or the last. */
  move(by: number): void {
    this.#at = Math.max(0, Math.min(this.#count - 1, this.#at + by));
  }

  /**
   * Chooses by number, counted from 1. A second digit soon after makes a number of two, where there are so many.
   *
   * @param now the monotonic time in milliseconds
   */
  type(digit: number, now: number): void {
    const longer = this.#typed.number * 10 + digit;
    const number = now - this.#typed.at <= NUMBER_MS && longer <= this.#count ? longer : digit;
    this.#typed = { number, at: now };
    if (number >= 1 && number <= this.#count) this.#at = number - 1;
  }
}
