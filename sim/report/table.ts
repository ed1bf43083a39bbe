import type { RunData } from '../measure/run-data.ts';
import { type Line, linesOf } from './figures.ts';
import { figures, plainTime, time, whole } from './format.ts';
import { type Group, groupsOf } from './group.ts';

/** One row of the table of a group, as text. Empty cells are empty strings. */
export interface Row {
  readonly what: string;
  readonly median: string;
  readonly p99: string;
  readonly max: string;
  /** The same in cycles, parted by strokes. */
  readonly cycles: string;
  readonly note: string;
}

const TITLES: Row = { what: 'MEASURE', median: 'MEDIAN', p99: 'P99', max: 'MAX', cycles: 'IN CYCLES', note: 'WORST' };
const GAP = '   ';

/**
 * The figures of runs for a terminal: one table for all runs that differ in their seed only. With several seeds each number is the median
 * of theirs, followed by the least and the greatest.
 *
 * @returns lines that end with a line break; empty when there are no runs
 */
export function renderTable(runs: readonly RunData[]): string {
  return groupsOf(runs)
    .map((group) => `${heading(group)}\n\n${aligned([TITLES, ...rowsOf(group)])}`)
    .join('\n');
}

/** What the runs of a group were, in one line. */
export function heading({ title, runs }: Group): string {
  const [first] = runs;
  const { protocol, network } = first;
  const rhythm = `factor ${protocol.gossipFactor}, interval ${plainTime(protocol.gossipIntervalMs)}`;
  const lasted = runs.map(({ durationMs }) => durationMs);
  return `${title}: ${seedsOf(runs)}, ${rhythm}, ${network.name} network, ${ranged(lasted, time)} of virtual time`;
}

function seedsOf(runs: Group['runs']): string {
  if (runs.length > 1) return `${runs.length} seeds`;
  const [{ seed, events, traceHash }] = runs;
  return `${seed === null ? 'one run' : `seed ${seed}`}, ${whole(events)} events, trace ${traceHash}`;
}

/** The rows of a group's table. What there is nothing of in any run has none. */
export function rowsOf({ runs }: Group): readonly Row[] {
  const lines = runs.map(linesOf);
  return (lines[0] ?? []).flatMap((first, at) => {
    const same = lines.map((each) => each[at]).filter((line) => line !== undefined);
    return same.every(({ numbers, note }) => numbers === null && note === '') ? [] : [row(first, same, runs)];
  });
}

function row(first: Line, lines: readonly Line[], runs: Group['runs']): Row {
  const interval = runs[0].protocol.gossipIntervalMs;
  const numbers = lines.map((line) => line.numbers).filter((each) => each !== null);
  const cell = (pick: (of: NonNullable<Line['numbers']>) => number | undefined): string => {
    const picked = numbers.map(pick).filter((number) => number !== undefined);
    return picked.length === 0 ? '' : spread(picked, first.show);
  };
  const inCycles = (pick: (of: NonNullable<Line['numbers']>) => number | undefined): string => {
    const picked = numbers.map(pick).filter((number) => number !== undefined);
    return picked.length === 0 ? '' : figures(middle(picked) / interval);
  };
  const parts = [inCycles(({ median }) => median), inCycles(({ p99 }) => p99), inCycles(({ max }) => max)];
  return {
    what: first.what,
    median: numbers.length === 0 ? '–' : cell(({ median }) => median),
    p99: cell(({ p99 }) => p99),
    max: cell(({ max }) => max),
    cycles: first.timed ? parts.filter((part) => part !== '').join(' / ') : '',
    note: remark(runs, lines),
  };
}

/** What there is to say of the only run, or of the one with the greatest number. */
function remark(runs: Group['runs'], lines: readonly Line[]): string {
  let worst = 0;
  for (const [at, line] of lines.entries()) if (extent(line) > extent(lines[worst])) worst = at;
  const note = lines[worst]?.note ?? '';
  const seed = runs[worst]?.seed ?? null;
  return runs.length === 1 || note === '' || seed === null ? note : `seed ${seed}: ${note}`;
}

function extent(line: Line | undefined): number {
  return line?.numbers?.max ?? line?.numbers?.median ?? 0;
}

/** One number, or of several the middle one with the least and the greatest. */
function spread(numbers: readonly number[], show: Line['show']): string {
  const text = show(middle(numbers));
  const least = show(Math.min(...numbers));
  const most = show(Math.max(...numbers));
  return least === most ? text : `${text} (${least} – ${most})`;
}

function ranged(numbers: readonly number[], show: Line['show']): string {
  const texts = new Set([show(Math.min(...numbers)), show(Math.max(...numbers))]);
  return [...texts].join(' to ');
}

/** The median; of an even count the mean of the two in the middle. */
function middle(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? 0;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? 0) + upper) / 2 : upper;
}

function aligned(rows: readonly Row[]): string {
  const columns = ['what', 'median', 'p99', 'max', 'cycles', 'note'] as const;
  const widths = columns.map((column) => Math.max(...rows.map((each) => each[column].length)));
  return rows
    .map(
      (each) =>
        `${columns
          .map((column, at) => each[column].padEnd(widths[at] ?? 0))
          .join(GAP)
          .trimEnd()}\n`,
    )
    .join('');
}
