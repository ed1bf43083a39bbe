import { quote } from '../../src/config/text.ts';
import { describeOutcome } from './describe.ts';
import { readLines } from './lines.ts';
import { type ReplayOutcome, replay } from './replay.ts';

const EXIT_CODES: { readonly [Kind in ReplayOutcome['kind']]: number } = { same: 0, different: 1, damaged: 2 };

/**
 * `muster sim replay FILE`: replays a recording and says how it went, a damaged one on standard error.
 *
 * @returns 0 when all effects are the same, 1 when they are not, 2 when the recording can not be read or used
 */
export async function runReplay({ file }: { readonly file: string }): Promise<number> {
  let outcome: ReplayOutcome;
  try {
    outcome = replay(readLines(file));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    process.stderr.write(`muster sim replay: ${quote(file)} can not be read: ${problem}\n`);
    return 2;
  }
  const said = describeOutcome(outcome);
  if (outcome.kind === 'damaged') process.stderr.write(`muster sim replay: ${quote(file)}: ${said}`);
  else process.stdout.write(said);
  return EXIT_CODES[outcome.kind];
}
