import { printable } from '../../src/config/text.ts';
import type { RunData } from '../measure/run-data.ts';
import { renderTable } from '../report/table.ts';
import { writeReport } from '../report/write-report.ts';
import { type RunOutcome, runScenario, UnplayableError } from '../run.ts';
import { loadScenario } from '../scenario/files.ts';
import { BROKE, complain, FlagReader, type GivenFlags, SUCCEEDED } from './flags.ts';
import { lackOfMemory } from './memory.ts';
import { progressBar } from './progress.ts';

/** What `muster sim run` was given. */
export interface SimRunOptions {
  /** The name of a shipped scenario, or the path of a file. */
  readonly scenario: string;
  /** `nodes`, `seed`, `runs`, `wire` and `report`. */
  readonly flags: GivenFlags;
}

/** `muster sim run`: plays a scenario with one seed or several, and says how it went. Answers the exit code. */
export async function runSimRun({ scenario: name, flags }: SimRunOptions): Promise<number> {
  const read = new FlagReader(flags);
  const { problems } = read;
  const nodes = read.nodes();
  const first = read.seed() ?? 1;
  const runs = read.runs() ?? 1;
  const wire = read.onOff('wire');
  const loaded = await loadScenario(name);
  if (!loaded.ok) problems.push(...loaded.error);
  if (problems.length > 0 || !loaded.ok) return complain(problems);
  const scenario = loaded.value;
  const lack = lackOfMemory(nodes ?? scenario.nodes, false);
  if (lack !== undefined) return complain([`--nodes: ${lack}`]);
  const progress = progressBar(printable(name));
  const outcomes: RunOutcome[] = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      const outcome = runScenario(scenario, {
        name,
        seed: first + run,
        ...(nodes === undefined ? {} : { nodes }),
        ...(wire === undefined ? {} : { wire }),
        onProgress: (share) => progress.show((run + share) / runs),
      });
      outcomes.push(outcome);
    }
  } catch (error) {
    if (error instanceof UnplayableError) return complain([`--nodes: ${error.message}`]);
    throw error;
  } finally {
    progress.end();
  }
  const data = outcomes.map((outcome) => outcome.data);
  process.stdout.write(`${renderTable(data)}\n`);
  for (const outcome of outcomes) process.stdout.write(describeOutcome(outcome, runs === 1, name));
  if (flags['report'] !== undefined && !(await report(flags['report'], data))) return BROKE;
  return outcomes.some(isBroken) ? BROKE : SUCCEEDED;
}

/** Writes the report; answers whether that could be done. */
async function report(folder: string, data: readonly RunData[]): Promise<boolean> {
  try {
    const files = await writeReport(folder, data);
    for (const file of files) process.stdout.write(`written: ${printable(file)}\n`);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    process.stderr.write(`--report: can not be written: ${printable(error.message)}\n`);
    return false;
  }
}

function isBroken({ violations, failed }: RunOutcome): boolean {
  return violations.length + failed.length > 0;
}

/** A few lines about a run: what was expected and seen (`whole`) or only what broke, its hash, and how to repeat it when it broke. */
export function describeOutcome(outcome: RunOutcome, whole: boolean, scenario: string): string {
  const { nodes, seed, wire, violations, expectations, traceHash, data } = outcome;
  const told = whole ? expectations : outcome.failed;
  const widest = Math.max(0, ...told.map(({ text }) => text.length));
  const broken = isBroken(outcome);
  const repeat = `muster sim run ${quoted(scenario)} --nodes ${nodes} --seed ${seed} --wire ${wire ? 'on' : 'off'}`;
  const lines = [
    `seed ${seed}: ${broken ? 'BROKEN' : 'ok'}, trace ${traceHash}, ${data.events} events in ${(data.durationMs / 1_000).toFixed(0)} s of virtual time`,
    ...violations.map((violation) => `  BROKEN  ${printable(violation)}`),
    ...told.map(({ met, text, seen }) => `  ${met ? 'ok    ' : 'FAILED'}  ${text.padEnd(widest)}  ${printable(seen)}`),
    ...(broken ? [`  repeat: ${repeat}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
