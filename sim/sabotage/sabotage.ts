import type { Invariant } from '../checkers/checker.ts';
import type { CaseRange } from '../fuzz/arbitraries.ts';

/** A core with one rule of the protocol broken. It shows whether the checkers and the faults would notice such a mistake. */
export interface Sabotage {
  readonly name: string;
  /** Which rule is broken, and how. */
  readonly what: string;
  /** The invariant that must notice it. */
  readonly expected: Invariant;
  /** Where it shows only in cases that are rare: the cases to look among. */
  readonly among?: CaseRange;
  /** Breaks the production classes, for everybody. @returns what mends them again */
  readonly apply: () => () => void;
}

/**
 * Puts another method in the place of one.
 *
 * @param make gets the true one, to be called with the right `this`
 * @returns what puts the true one back
 */
export function replaced<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  make: (original: Target[Name]) => Target[Name],
): () => void {
  const original = target[name];
  target[name] = make(original);
  return () => {
    target[name] = original;
  };
}

/** Mends two things with one call. */
export function both(one: () => void, other: () => void): () => void {
  return () => {
    one();
    other();
  };
}
