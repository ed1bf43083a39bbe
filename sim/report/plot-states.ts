import type { TopLevelSpec } from 'vega-lite';
import type { RunData, StateRun } from '../measure/run-data.ts';
import { across } from './axis.ts';
import { byCounting } from './format.ts';
import { eventRules } from './plot-events.ts';
import { COLORS, WIDTH } from './theme.ts';

/** Members that are drawn: of more, those that were least HEALTHY. */
export const MAX_ROWS = 200;
const MAX_HEIGHT = 800;
/** What is left free above and below a strip, as a share of its height; in px the height below which nothing is. */
const GAP = 0.04;
const MIN_HEIGHT_WITH_GAPS = 8;
const STATES = ['HEALTHY', 'SUSPECTED_DEAD', 'DEAD', 'not shown'] as const;
const RANGE = [COLORS.healthy, COLORS.suspected, COLORS.dead, COLORS.absent];
/** A share below this is not seen. */
const LEAST = 0.004;
/** In buckets. */
const OVERLAP = 0.1;

/**
 * How each member is shown over time: a strip a member, parted by the share of live nodes that show it so.
 *
 * @returns the plot, and how many members it leaves out
 */
export function statesPlot(run: RunData): { readonly plot: TopLevelSpec; readonly leftOut: number } {
  const rows = rowsOf(run);
  const height = Math.max(3, Math.min(16, MAX_HEIGHT / rows.length));
  const end = (run.states.buckets * run.states.bucketMs) / 1_000;
  const strips = rows.flatMap(({ runs }, row) =>
    stripsOf(runs, row, run.states, height < MIN_HEIGHT_WITH_GAPS ? 0 : GAP),
  );
  const every = Math.ceil(13 / height);
  const names = rows.map(({ member }) => member);
  const values = names.map((_, row) => row).filter((row) => row % every === 0);
  const x = across('from', end, 'virtual time (s)');
  const plot: TopLevelSpec = {
    width: WIDTH,
    height: height * rows.length,
    layer: [
      {
        data: { values: strips },
        mark: { type: 'rect', stroke: null },
        encoding: {
          x,
          x2: { field: 'to' },
          y: {
            field: 'low',
            type: 'quantitative',
            scale: { domain: [rows.length, 0], nice: false, zero: false },
            axis: {
              title: 'member',
              grid: false,
              ticks: false,
              domain: false,
              values: values.map((row) => row + 0.5),
              labelExpr: `${JSON.stringify(names)}[floor(datum.value)]`,
              labelLimit: 120,
            },
          },
          y2: { field: 'high' },
          color: {
            field: 'state',
            scale: { domain: [...STATES], range: RANGE },
            legend: { orient: 'bottom', symbolType: 'square', symbolSize: 160, symbolStrokeWidth: 0 },
          },
        },
      },
      ...eventRules(run, end),
    ],
  };
  return { plot, leftOut: run.members.length - rows.length };
}

interface Row {
  readonly member: string;
  readonly runs: readonly StateRun[];
}

function rowsOf({ members, states }: RunData): readonly Row[] {
  const all = members.map((member, at) => ({ member, runs: states.members[at] ?? [] }));
  const shown = all
    .map((row) => ({ row, health: healthOf(row.runs, states.buckets) }))
    .toSorted((a, b) => a.health - b.health)
    .slice(0, MAX_ROWS);
  return shown.map(({ row }) => row).toSorted((a, b) => byCounting(a.member, b.member));
}

function healthOf(runs: readonly StateRun[], buckets: number): number {
  let sum = 0;
  for (const [at, [from, healthy]] of runs.entries()) sum += healthy * ((runs[at + 1]?.[0] ?? buckets) - from);
  return sum;
}

function stripsOf(runs: readonly StateRun[], row: number, { buckets, bucketMs }: RunData['states'], gap: number) {
  const strips = [];
  for (const [at, [bucket, healthy, suspected, dead]] of runs.entries()) {
    const from = (bucket * bucketMs) / 1_000;
    // A little over the next, so that no seam shows between the two.
    const to = Math.min(((runs[at + 1]?.[0] ?? buckets) + OVERLAP) * bucketMs, buckets * bucketMs) / 1_000;
    // From the bottom of the strip upwards; the axis runs downwards.
    let high = row + 1 - gap;
    for (const [state, share] of [healthy, suspected, dead, 1 - healthy - suspected - dead].entries()) {
      if (share < LEAST) continue;
      const low = Math.max(row + gap, high - share * (1 - 2 * gap));
      strips.push({ from, to, low, high, state: STATES[state] });
      high = low;
    }
  }
  return strips;
}
