import type { TopLevelSpec } from 'vega-lite';
import type { Discovery } from '../measure/run-data.ts';
import { across, upright } from './axis.ts';
import { plainTime } from './format.ts';
import type { Group } from './group.ts';
import { COLORS, WIDTH } from './theme.ts';

const SUSPECTED = 'shown SUSPECTED_DEAD';
const DEAD = 'shown DEAD';
/** Bars in a gossip interval. */
const BARS = 4;
const MAX_BARS = 160;

/** How long observers took to show a crash, in parts of an interval; undefined when no crash was seen. */
export function detectionPlot({ runs }: Group): TopLevelSpec | undefined {
  const interval = runs[0].protocol.gossipIntervalMs;
  const { stalenessThreshold, deadThreshold } = runs[0].protocol;
  const detections = runs.flatMap((run) => run.detections);
  const suspected = detections.flatMap((detection) => timesOf(detection.suspected, interval));
  const dead = detections.flatMap((detection) => timesOf(detection.dead, interval));
  if (suspected.length + dead.length === 0) return undefined;
  const end = Math.ceil(Math.max(...maxOf(suspected), ...maxOf(dead), deadThreshold) + 1);
  const width = end * BARS <= MAX_BARS ? 1 / BARS : Math.ceil(end / MAX_BARS);
  const bars = [...barsOf(suspected, SUSPECTED, width), ...barsOf(dead, DEAD, width)];
  const thresholds = [
    { at: stalenessThreshold, text: 'staleness threshold' },
    { at: deadThreshold, text: 'dead threshold' },
  ];
  const x = across('from', end, `time since the crash (cycles of ${plainTime(interval)})`);
  const at = across('at', end);
  return {
    width: WIDTH,
    height: 220,
    layer: [
      {
        data: { values: bars },
        mark: { type: 'rect', stroke: null },
        encoding: {
          x,
          x2: { field: 'to' },
          y: upright('share', 'share of observers', { format: '.0%' }),
          y2: { datum: 0 },
          color: {
            field: 'what',
            scale: { domain: [SUSPECTED, DEAD], range: [COLORS.suspected, COLORS.dead] },
            legend: { orient: 'bottom', symbolType: 'square', symbolSize: 160, symbolStrokeWidth: 0 },
          },
        },
      },
      {
        data: { values: thresholds },
        mark: { type: 'rule', color: COLORS.ink, strokeDash: [3, 3] },
        encoding: { x: at },
      },
      {
        data: { values: thresholds },
        mark: { type: 'text', y: -5, align: 'center', baseline: 'bottom', color: COLORS.quiet, fontSize: 11 },
        encoding: { x: at, text: { field: 'text' } },
      },
    ],
  };
}

/** In cycles. Where only a summary was kept, its median stands for all. */
function timesOf({ afterMs, summary }: Discovery, interval: number): readonly number[] {
  if (afterMs.length > 0 || summary === null) return afterMs.map((after) => after / interval);
  return Array.from({ length: summary.count }, () => summary.median / interval);
}

function maxOf(times: readonly number[]): readonly number[] {
  return times.length === 0 ? [] : [times.reduce((most, time) => Math.max(most, time), 0)];
}

function barsOf(times: readonly number[], what: string, width: number) {
  const counts = new Map<number, number>();
  for (const time of times) {
    const bar = Math.floor(time / width);
    counts.set(bar, (counts.get(bar) ?? 0) + 1);
  }
  const gap = 0.06 * width;
  return [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([bar, count]) => ({
      from: bar * width + gap,
      to: (bar + 1) * width - gap,
      share: count / times.length,
      what,
    }));
}
