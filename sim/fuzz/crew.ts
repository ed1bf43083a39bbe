import { Worker } from 'node:worker_threads';
import type { FuzzCase } from './case.ts';
import { runCase } from './run-case.ts';

/** What a worker is sent: cases to run, one at a time. */
export interface Order {
  readonly run: number;
  readonly fuzzCase: FuzzCase;
  readonly wire: boolean;
}

/** What it sends back: of a run that failed, why. */
export interface Result {
  readonly run: number;
  readonly failed: boolean;
}

/** Runs the case of an order. */
export function carryOut({ run, fuzzCase, wire }: Order): Result {
  return { run, failed: runCase(fuzzCase, { wire }).failure !== undefined };
}

export interface CrewOptions {
  readonly wire: boolean;
  /** How many worker threads; with one, everything runs in this one. */
  readonly jobs: number;
  /** Is told how many runs are over. */
  readonly onProgress: (done: number) => void;
}

/**
 * Runs cases until one fails. Whatever the number of jobs, the failure it names is the one with the smallest number: runs before it that
 * are still open are waited for.
 *
 * @returns the number of the first run that failed; undefined when none did
 */
export function firstFailure(cases: readonly FuzzCase[], options: CrewOptions): Promise<number | undefined> {
  return options.jobs > 1 ? withWorkers(cases, options) : Promise.resolve(alone(cases, options));
}

function alone(cases: readonly FuzzCase[], { wire, onProgress }: CrewOptions): number | undefined {
  for (const [run, fuzzCase] of cases.entries()) {
    if (carryOut({ run, fuzzCase, wire }).failed) return run;
    onProgress(run + 1);
  }
  return undefined;
}

async function withWorkers(
  cases: readonly FuzzCase[],
  { wire, jobs, onProgress }: CrewOptions,
): Promise<number | undefined> {
  let next = 0;
  let done = 0;
  let first: number | undefined;

  const employ = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = startWorker();
      const end = (settle: () => void): void => {
        worker.terminate().then(settle, reject);
      };
      const continueOrEnd = (): void => {
        const fuzzCase = cases[next];
        // Runs are begun in their order: when one has failed, all that come before it are done or under way.
        if (fuzzCase === undefined || first !== undefined) {
          end(resolve);
          return;
        }
        worker.postMessage({ run: next, fuzzCase, wire } satisfies Order, []);
        next += 1;
      };
      worker.on('message', ({ run, failed }: Result) => {
        done += 1;
        if (failed && (first === undefined || run < first)) first = run;
        onProgress(done);
        continueOrEnd();
      });
      worker.on('error', (error) => end(() => reject(error)));
      continueOrEnd();
    });

  await Promise.all(Array.from({ length: Math.min(jobs, cases.length) }, employ));
  return first;
}

/** The worker's program: compiled as this is, or from source through the loader that has loaded this. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url));
  const source = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  return new Worker(`import('tsx/esm/api').then(({ register }) => register() && import(${source}))`, { eval: true });
}
