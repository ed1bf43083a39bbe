import type { TopLevelSpec } from 'vega-lite';
import { across, upright } from './axis.ts';
import type { Group } from './group.ts';
import { eventRules } from './plot-events.ts';
import { COLORS, WIDTH } from './theme.ts';

/** Points of a line at the most; of longer runs the means of so many seconds. */
const MAX_POINTS = 400;

/** Bytes per live node and second over time: a line a run, the first in colour. */
export function trafficPlot({ runs }: Group): TopLevelSpec | undefined {
  const [first] = runs;
  const seconds = Math.max(...runs.map(({ traffic }) => traffic.bytes.length));
  if (seconds === 0) return undefined;
  const width = Math.ceil(seconds / MAX_POINTS);
  const others = runs.slice(1).flatMap(({ traffic }, run) => pointsOf(traffic.bytes, width, run));
  const x = across('second', seconds, 'virtual time (s)');
  const y = upright('kilobytes', 'kB per node and second');
  return {
    width: WIDTH,
    height: 220,
    layer: [
      {
        data: { values: others },
        mark: { type: 'line', strokeWidth: 1, opacity: 0.5, color: COLORS.quiet },
        encoding: { x, y, detail: { field: 'run' } },
      },
      {
        data: { values: pointsOf(first.traffic.bytes, width, 0) },
        mark: { type: 'line', strokeWidth: 1.75, color: COLORS.accent },
        encoding: { x, y },
      },
      ...eventRules(first, seconds),
    ],
  };
}

/** A point stands in the middle of the time that it is the mean of. */
function pointsOf(bytes: readonly number[], width: number, run: number) {
  const points: { readonly second: number; readonly kilobytes: number; readonly run: number }[] = [];
  for (let from = 0; from < bytes.length; from += width) {
    const part = bytes.slice(from, from + width);
    const mean = part.reduce((sum, each) => sum + each, 0) / part.length;
    points.push({ second: from + part.length / 2, kilobytes: mean / 1_000, run });
  }
  return points;
}
