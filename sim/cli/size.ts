import { formatDuration } from '../../src/config/duration.ts';
import { measureSize, type SizeFigures, type SizeRequest } from '../run-size.ts';
import { configOf, type Settings } from '../scenario/settings.ts';
import { complain, FlagReader, type GivenFlags, SUCCEEDED } from './flags.ts';
import { lackOfMemory } from './memory.ts';
import { progressBar } from './progress.ts';

/** `muster sim size`: what a mesh of a size does, measured over several runs. Answers the exit code. */
export async function runSimSize(flags: GivenFlags): Promise<number> {
  const read = new FlagReader(flags);
  const nodes = read.nodes() ?? 2;
  const interval = read.interval();
  const factor = read.factor();
  const lossPercent = read.percent('loss') ?? 0;
  const network = read.network() ?? 'lan';
  const runs = read.runs() ?? 10;
  const first = read.seed() ?? 1;
  if (nodes < 2) read.problems.push('--nodes: must be 2 or more, for one node has nobody to tell');
  const lack = lackOfMemory(nodes, true);
  if (lack !== undefined) read.problems.push(`--nodes: ${lack}`);
  if (read.problems.length > 0) return complain(read.problems);
  const settings: Settings = {
    ...(interval === undefined ? {} : { gossipInterval: interval }),
    ...(factor === undefined ? {} : { gossipFactor: factor }),
  };
  const request: SizeRequest = { nodes, network, lossPercent, settings };
  const progress = progressBar(`${nodes} nodes`);
  const figures: SizeFigures[] = [];
  for (let run = 0; run < runs; run += 1) {
    figures.push(measureSize(request, first + run, (share) => progress.show((run + share) / runs)));
  }
  progress.end();
  process.stdout.write(describeSize(request, figures, first));
  return SUCCEEDED;
}

/** The figures of several runs as a small table. */
export function describeSize(request: SizeRequest, figures: readonly SizeFigures[], firstSeed: number): string {
  const { nodes, network, lossPercent, settings } = request;
  const { gossipInterval, gossipFactor } = configOf(settings).config;
  const rows: readonly (readonly string[])[] = [
    ['', 'median', 'min', 'max'],
    [
      'an update is known to all after',
      ...spreadOf(
        figures.map(({ spread }) => spread),
        seconds,
      ),
    ],
    [
      'a crash is known to the first after',
      ...spreadOf(
        figures.map(({ firstDetection }) => firstDetection),
        seconds,
      ),
    ],
    [
      'a crash is known to all after',
      ...spreadOf(
        figures.map(({ detection }) => detection),
        seconds,
      ),
    ],
    [
      'a node sends while all is quiet',
      ...spreadOf(
        figures.map(({ quietBytes }) => quietBytes),
        rate,
      ),
    ],
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const seeds = figures.length === 1 ? `seed ${firstSeed}` : `seeds ${firstSeed} to ${firstSeed + figures.length - 1}`;
  const head = `${nodes} nodes, interval ${formatDuration(gossipInterval)}, factor ${gossipFactor}, ${network}, loss ${lossPercent}%; ${seeds}`;
  const lines = rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('   '),
  );
  return [head, '', ...lines].map((line) => `${line.trimEnd()}\n`).join('');
}

/** Median, least and greatest; what never came counts as greater than anything. */
function spreadOf(values: readonly (number | undefined)[], show: (value: number) => string): readonly string[] {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).toSorted((one, other) => one - other);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return [middle, sorted[0], sorted.at(-1)].map((value) =>
    value === undefined || !Number.isFinite(value) ? 'not in time' : show(value),
  );
}

const seconds = (time: number): string => `${(time / 1_000).toFixed(2)} s`;
const rate = (bytes: number): string =>
  bytes < 10_000 ? `${bytes.toFixed(0)} B/s` : `${(bytes / 1_000).toFixed(1)} kB/s`;
