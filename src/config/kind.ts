import type { Millis } from '../base/brands.ts';
import { err, ok, type Result } from '../base/result.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { ConfigProblem } from './problem.ts';

/** What a setting looks like in the file. Flags and variables are text always; lists and maps are split at commas there. */
export type Shape = 'text' | 'duration' | 'number' | 'boolean' | 'list' | 'map';

/** One piece of text that somebody gave as a value, or as a part of one. */
export interface GivenText {
  /** Where it stands, as its author wrote it (see {@link ConfigProblem.source}). */
  readonly at: string;
  readonly text: string;
  /** The key, for an entry of a map in the file. An entry of a flag or variable holds `key=value` in its text. */
  readonly name?: string;
}

/** A value as the file holds it. */
export type Shown = string | number | boolean | null | readonly string[] | Readonly<Record<string, string>>;

/** Makes a foreign value fit for a message; for a secret it hides it. */
export type Quote = (text: string) => string;

/** How values of one kind are read and shown. What `show` gives, `read` takes back. */
export interface Kind<Value> {
  readonly shape: Shape;
  /** What is allowed, in words that follow "must be". */
  readonly expects: string;
  /** Reads the pieces that were given: one, except for lists and maps, which take any number. */
  read(given: readonly GivenText[], quote: Quote): Result<Value, readonly ConfigProblem[]>;
  show(value: Value): Shown;
}

/** What a single value is made of. */
interface SingleKind<Value> {
  readonly shape: 'text' | 'duration' | 'number' | 'boolean';
  readonly expects: string;
  /** The value, or why the text is none, in words that follow the name of the setting. */
  parse(text: string): Result<Value, string>;
  show(value: Value): Shown;
  /** Takes out of a refused text what nobody should read. */
  mask?(text: string): string;
}

/** A kind whose values are one piece of text each. */
export function single<Value>(kind: SingleKind<Value>): Kind<Value> {
  return {
    shape: kind.shape,
    expects: kind.expects,
    show: (value) => kind.show(value),
    read(given, quote) {
      const { at, text } = given.at(-1) ?? { at: '', text: '' };
      const parsed = kind.parse(text);
      if (parsed.ok) return parsed;
      const shown = quote(kind.mask?.(text) ?? text);
      return err([{ code: 'MUSTER_CONFIG_VALUE', source: at, message: `${parsed.error}, got ${shown}` }]);
    },
  };
}

/** Text that follows a pattern. `expects` says the pattern in words. */
export function text<Value extends string>(
  expects: string,
  isAllowed: (text: string) => boolean,
  make: (text: string) => Value,
): Kind<Value> {
  return single({
    shape: 'text',
    expects,
    parse: (given) => (isAllowed(given) ? ok(make(given)) : err(`must be ${expects}`)),
    show: (value) => value,
  });
}

/** A whole number from `least` to `most`, in decimal digits. */
export function wholeNumber(least: number, most: number): Kind<number> {
  const expects = `a whole number from ${least} to ${most}`;
  return single({
    shape: 'number',
    expects,
    parse(given) {
      const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
      return value >= least && value <= most ? ok(value) : err(`must be ${expects}`);
    },
    show: (value) => value,
  });
}

/** A duration from `least` to `most`. */
export function duration(least: Millis, most: Millis): Kind<Millis> {
  const expects = `a duration from ${formatDuration(least)} to ${formatDuration(most)}`;
  return single({
    shape: 'duration',
    expects,
    parse(given) {
      const parsed = parseDuration(given);
      if (!parsed.ok) return parsed;
      return parsed.value >= least && parsed.value <= most ? parsed : err(`must be ${expects}`);
    },
    show: formatDuration,
  });
}

/** One of a few words. */
export function choice<const Value extends string>(values: readonly Value[]): Kind<Value> {
  const expects = `one of ${values.join(', ')}`;
  return single({
    shape: 'text',
    expects,
    parse(given) {
      const value = values.find((candidate) => candidate === given);
      return value === undefined ? err(`must be ${expects}`) : ok(value);
    },
    show: (value) => value,
  });
}

/** `true` or `false`. */
export const YES_NO: Kind<boolean> = single({
  shape: 'boolean',
  expects: 'true or false',
  parse: (given) => (given === 'true' || given === 'false' ? ok(given === 'true') : err('must be true or false')),
  show: (value) => value,
});
