import type { CaseRange } from './arbitraries.ts';
import type { FuzzCase } from './case.ts';
import { firstFailure } from './crew.ts';
import { parseCase } from './parse-case.ts';
import { runCase } from './run-case.ts';
import { caseAt, drawCases, prune, shrink } from './search.ts';
import { tellCase } from './tell.ts';

export interface FuzzOptions {
  readonly runs: number;
  /** A 32-bit integer. */
  readonly seed: number;
  /** How many nodes a case has: `3..30`, or one number. */
  readonly nodes: string;
  /** Runs this case only: JSON, or `seed:path` as printed after a failure. */
  readonly case?: string;
  /** Every message goes through the production codec. */
  readonly wire?: boolean;
  /** How many worker threads. Default 2. The outcome is the same with any number. */
  readonly jobs?: number;
  /** Takes lines of output. Default: standard output. */
  readonly print?: (line: string) => void;
  /** Is told how many runs are over. */
  readonly onProgress?: (done: number) => void;
}

/** A case is printed as JSON for replaying up to this length; a longer one is named by seed and path. */
const MAX_JSON = 2_000;

const OK = 0;
const FAILED = 1;
const USAGE = 2;

const toStandardOutput = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * Draws random cases and runs each under all checkers, until one fails; that one it makes as short as it can, and prints it with the
 * command that replays it.
 *
 * @returns the exit code: 0 when all was well, 1 when something was violated, 2 when the options make no sense
 */
export async function runFuzz(options: FuzzOptions): Promise<number> {
  const { print = toStandardOutput, jobs = 2, seed, runs } = options;
  const nodes = parseRange(options.nodes);
  if (nodes === undefined) {
    print(`--nodes ${options.nodes} is no range: write it as 3..30, the least first`);
    return USAGE;
  }
  if (options.case !== undefined) return replay(options.case, nodes, options);
  const wire = options.wire ?? false;
  const onProgress = options.onProgress ?? (() => undefined);
  const failed = await firstFailure(drawCases(nodes, seed, runs), { wire, jobs, onProgress });
  if (failed === undefined) {
    print(`${runs} runs with ${options.nodes} nodes, seed ${seed}: nothing was violated`);
    return OK;
  }
  print(`run ${failed + 1} of ${runs} failed; making it smaller …`);
  const found = shrink(nodes, seed, failed, { wire });
  if (found === undefined) {
    print(`it did not fail again: replay it with --case ${seed}:${failed}`);
    return FAILED;
  }
  const { fuzzCase, failure } = prune(found.fuzzCase, found.failure, { wire });
  report(fuzzCase, failure, print);
  const json = JSON.stringify(fuzzCase);
  const name = json.length <= MAX_JSON ? `'${json}'` : `${seed}:${found.origin.path} --nodes ${options.nodes}`;
  print('replay it with:');
  print(`  muster sim fuzz${wire ? ' --wire' : ''} --case ${name}`);
  return FAILED;
}

function replay(text: string, nodes: CaseRange, options: FuzzOptions): number {
  const { print = toStandardOutput, wire = false } = options;
  const fuzzCase = caseOf(text, nodes);
  if (typeof fuzzCase === 'string') {
    print(fuzzCase);
    return USAGE;
  }
  const { failure, hash, events } = runCase(fuzzCase, { wire });
  if (failure !== undefined) report(fuzzCase, failure, print);
  print(`${events} events, trace ${hash}: ${failure === undefined ? 'nothing was violated' : 'it failed'}`);
  return failure === undefined ? OK : FAILED;
}

/** The case that a text names, or what is wrong with the text. */
function caseOf(text: string, nodes: CaseRange): FuzzCase | string {
  const origin = /^(?<seed>-?\d+):(?<path>\d+(?::\d+)*)$/.exec(text)?.groups;
  try {
    if (origin === undefined) return parseCase(text);
    const path = origin['path'] ?? '';
    return caseAt({ nodes, seed: Number(origin['seed']), path }) ?? `there is no case at ${text}`;
  } catch (error) {
    return `--case is neither a case as JSON nor seed:path: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function report(fuzzCase: FuzzCase, failure: Error, print: (line: string) => void): void {
  print(`${failure.name}: ${failure.message}`);
  for (const line of tellCase(fuzzCase)) print(line);
}

function parseRange(text: string): CaseRange | undefined {
  const groups = /^(?<least>\d+)(?:\.\.(?<most>\d+))?$/.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const least = Number(groups['least']);
  const most = Number(groups['most'] ?? groups['least']);
  return least >= 1 && most >= least ? { least, most } : undefined;
}
