import { runFuzz } from '../fuzz/cli.ts';
import { complain, FlagReader, type GivenFlags } from './flags.ts';
import { progressBar } from './progress.ts';

const DEFAULT_RUNS = 200;
const DEFAULT_NODES = '3..14';

/** What `muster sim fuzz` was given. */
export interface SimFuzzOptions {
  /** `runs`, `seed`, `nodes`, `case` and `jobs`. */
  readonly flags: GivenFlags;
  /** Whether every message goes through the production codec. */
  readonly wire: boolean;
}

/** `muster sim fuzz`: reads the flags and tries random schedules. Answers the exit code. */
export async function runSimFuzz({ flags, wire }: SimFuzzOptions): Promise<number> {
  const read = new FlagReader(flags);
  const runs = read.runs() ?? DEFAULT_RUNS;
  const seed = read.seed() ?? 1;
  const jobs = read.jobs();
  if (read.problems.length > 0) return complain(read.problems);
  const fuzzCase = flags['case'];
  const progress = progressBar('fuzz');
  try {
    return await runFuzz({
      runs,
      seed,
      nodes: flags['nodes'] ?? DEFAULT_NODES,
      wire,
      ...(fuzzCase === undefined ? {} : { case: fuzzCase }),
      ...(jobs === undefined ? {} : { jobs }),
      onProgress: (done) => progress.show(done / runs),
    });
  } finally {
    progress.end();
  }
}
