import * as fc from 'fast-check';
import { Violation } from '../checkers/checker.ts';
import { type CaseRange, cases } from './arbitraries.ts';
import type { FuzzCase } from './case.ts';
import { type RunOptions, runCase } from './run-case.ts';

/** Cases that a shrink may try: enough for a schedule of a few actions, and an end to it. */
const MAX_SHRINK_RUNS = 600;

/** Where a case comes from: the same three give the same case with the same version of fast-check. */
export interface Origin {
  readonly nodes: CaseRange;
  readonly seed: number;
  /** As fast-check writes it: the number of the run, then the turns of the shrink, with colons between. */
  readonly path: string;
}

/** A failing case, made as small as could be. */
export interface Found {
  readonly origin: Origin;
  readonly fuzzCase: FuzzCase;
  readonly failure: Error;
}

/** What a failure is about: while shrinking it must stay the same. */
function kindOf(failure: Error): string {
  return failure instanceof Violation ? failure.invariant : failure.name;
}

/** The first `runs` cases of a seed. */
export function drawCases(nodes: CaseRange, seed: number, runs: number): readonly FuzzCase[] {
  return fc.sample(cases(nodes), { numRuns: runs, seed });
}

/** The case at a path. */
export function caseAt({ nodes, seed, path }: Origin): FuzzCase | undefined {
  return fc.sample(cases(nodes), { numRuns: 1, seed, path })[0];
}

/** Makes a failing case smaller for as long as it fails in the same way. */
export function shrink(nodes: CaseRange, seed: number, run: number, options: RunOptions): Found | undefined {
  let kind: string | undefined;
  let runs = 0;
  let failure: Error | undefined;
  const holds = (fuzzCase: FuzzCase): boolean => {
    runs += 1;
    if (runs > MAX_SHRINK_RUNS) return true;
    const outcome = runCase(fuzzCase, options).failure;
    if (outcome === undefined || (kind !== undefined && kindOf(outcome) !== kind)) return true;
    kind = kindOf(outcome);
    failure = outcome;
    return false;
  };
  const details = fc.check(fc.property(cases(nodes), holds), { seed, path: String(run), numRuns: 1 });
  const fuzzCase = details.counterexample?.[0];
  const path = details.counterexamplePath;
  if (fuzzCase === undefined || path === null || failure === undefined) return undefined;
  return { origin: { nodes, seed, path }, fuzzCase, failure };
}

/**
 * Takes away one action after the other for as long as the case still fails in the same way: what the shrink can not do where several
 * actions come from one happening.
 */
export function prune(
  fuzzCase: FuzzCase,
  failure: Error,
  options: RunOptions,
): { readonly fuzzCase: FuzzCase; readonly failure: Error } {
  let smallest = { fuzzCase, failure };
  for (let index = fuzzCase.actions.length - 1; index >= 0; index -= 1) {
    const actions = smallest.fuzzCase.actions.toSpliced(index, 1);
    const smaller: FuzzCase = { ...smallest.fuzzCase, actions };
    const outcome = runCase(smaller, options).failure;
    if (outcome !== undefined && kindOf(outcome) === kindOf(failure))
      smallest = { fuzzCase: smaller, failure: outcome };
  }
  return smallest;
}
