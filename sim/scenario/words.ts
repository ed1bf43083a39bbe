import type { Millis } from '../../src/base/brands.ts';
import { parseDuration } from '../../src/config/duration.ts';
import { quote } from '../../src/config/text.ts';

/** A line does not follow the grammar. The message says what was expected and what stands there. */
export class Expected extends Error {
  override readonly name = 'Expected';

  constructor(expected: string, got: string | undefined) {
    super(`expected ${expected}, got ${got === undefined ? 'the end of the line' : quote(got)}`);
  }
}

/** The words of one line, read from left to right. `|` and `>` are words of their own, with or without blanks around them. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(line: string) {
    this.#words = line.match(/[|>]|[^\s|>]+/g) ?? [];
  }

  /** The next word, which stays where it is; undefined at the end of the line. */
  get next(): string | undefined {
    return this.#words[this.#at];
  }

  /**
   * Takes the next word.
   *
   * @throws {Expected} when there is none
   */
  take(expected: string): string {
    const word = this.next;
    if (word === undefined) throw new Expected(expected, word);
    this.#at += 1;
    return word;
  }

  /** Takes the next words if they are these. */
  takeIf(...words: readonly string[]): boolean {
    if (!words.every((word, index) => this.#words[this.#at + index] === word)) return false;
    this.#at += words.length;
    return true;
  }

  /** Takes the next word, which has to be this one. */
  takeWord(word: string): void {
    if (!this.takeIf(word)) throw new Expected(`'${word}'`, this.next);
  }

  /** Takes one of a few words. */
  choice<const Value extends string>(values: readonly Value[]): Value {
    const value = values.find((candidate) => candidate === this.next);
    if (value === undefined) throw new Expected(`one of ${values.join(', ')}`, this.next);
    this.#at += 1;
    return value;
  }

  /** Takes a duration with its unit. */
  duration(expected: string): Millis {
    const word = this.next;
    const parsed = word === undefined ? undefined : parseDuration(word);
    if (parsed?.ok !== true) throw new Expected(`${expected} with a unit, such as 10s or 200ms`, word);
    this.#at += 1;
    return parsed.value;
  }

  /** Takes a duration that is not zero. */
  interval(expected: string): Millis {
    const word = this.next;
    const interval = this.duration(expected);
    if (interval === 0) throw new Expected(`${expected} above zero`, word);
    return interval;
  }

  /** Takes a duration with its sign and its unit, ms. */
  signedDuration(expected: string): number {
    const word = this.next ?? '';
    const parsed = /^[+-]/.test(word) ? parseDuration(word.slice(1)) : undefined;
    if (parsed?.ok !== true) throw new Expected(expected, this.next);
    this.#at += 1;
    return word.startsWith('-') ? 0 - parsed.value : parsed.value;
  }

  /** Takes a whole number. */
  count(expected: string): number {
    const word = this.next;
    if (word === undefined || !/^\d{1,9}$/.test(word)) throw new Expected(`${expected}, a whole number`, word);
    this.#at += 1;
    return Number(word);
  }

  /** Takes a share of 0 to 100 with its per cent sign. */
  percent(expected: string): number {
    const word = this.next;
    const percent = word === undefined ? undefined : parsePercent(word);
    if (percent === undefined) throw new Expected(`${expected} from 0% to 100%`, word);
    this.#at += 1;
    return percent;
  }

  /**
   * Nothing may be left.
   *
   * @throws {Expected} when there is
   */
  end(): void {
    if (this.next !== undefined) throw new Expected('the end of the line', this.next);
  }
}

/** Reads `20%` or `0.5%`; undefined when the word is no such thing. */
export function parsePercent(word: string): number | undefined {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(word) ?? [];
  return digits === undefined || Number(digits) > 100 ? undefined : Number(digits);
}
