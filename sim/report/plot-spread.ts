import type { TopLevelSpec } from 'vega-lite';
import type { RunData } from '../measure/run-data.ts';
import { allKnow, atOwnMoments, inRounds, reaches, type SpreadCurve } from '../measure/theory.ts';
import { across, upright } from './axis.ts';
import { plainTime } from './format.ts';
import type { Group } from './group.ts';
import { COLORS, WIDTH } from './theme.ts';

const MEASURED = 'measured, mean of the updates';
const THEORY = 'push–pull theory, nodes act at moments of their own';
const ROUNDS = 'push–pull theory, nodes act in rounds';
/** Points of the measured curve in a cycle. */
const STEPS = 20;
/** Single updates that are drawn. */
const MAX_SINGLE = 60;

interface Point {
  readonly cycles: number;
  readonly share: number;
}

/** The share of nodes that know an update over time, against theory; undefined when no update was followed. */
export function spreadPlot({ runs }: Group): TopLevelSpec | undefined {
  const [{ protocol, network }] = runs;
  const updates = runs.flatMap(({ updates: each }) => each).filter(({ heardMs }) => heardMs.length > 0);
  if (updates.length === 0) return undefined;
  const interval = protocol.gossipIntervalMs;
  const nodes = Math.round(updates.reduce((sum, { audience }) => sum + audience, 0) / updates.length) + 1;
  const rounds = inRounds(nodes, protocol.gossipFactor);
  const moments = pointsOf(atOwnMoments(nodes, protocol.gossipFactor, network.hopMs / interval), 5);
  const ends = updates.map(({ heardMs }) => (heardMs.at(-1) ?? 0) / interval).toSorted((a, b) => a - b);
  // One update that met a cut takes a hundred times as long as the others; the plot is about the others.
  const usual = ends[Math.floor(0.9 * (ends.length - 1))] ?? 0;
  const end = Math.ceil(2 * Math.max(usual, reaches(rounds, allKnow(nodes)) ?? 0)) / 2;
  const single = updates
    .slice(0, MAX_SINGLE)
    .flatMap((update, number) => tagged(stairs(update, interval, end), `update ${number}`));
  const curves = [
    ...tagged(mean(updates, interval, end), MEASURED),
    ...tagged(upTo(end, moments), THEORY),
    ...tagged(upTo(end, pointsOf(rounds, 1)), ROUNDS),
  ];
  const x = across('cycles', end, `time since the update (cycles of ${plainTime(interval)})`);
  const y = upright('share', 'nodes that know it', { top: 1, format: '.0%' });
  return {
    width: WIDTH,
    height: 280,
    layer: [
      {
        data: { values: single },
        mark: {
          type: 'line',
          strokeWidth: 1,
          opacity: 0.25,
          interpolate: 'step-after',
          color: COLORS.accent,
        },
        encoding: { x, y, detail: { field: 'what' } },
      },
      {
        data: { values: curves },
        mark: 'line',
        encoding: {
          x,
          y,
          color: {
            field: 'what',
            legend: { orient: 'bottom', direction: 'vertical', rowPadding: 4 },
            scale: { domain: [MEASURED, THEORY, ROUNDS], range: [COLORS.accent, COLORS.second, COLORS.quiet] },
          },
          strokeDash: {
            field: 'what',
            scale: {
              domain: [MEASURED, THEORY, ROUNDS],
              range: [
                [1, 0],
                [7, 4],
                [2, 3],
              ],
            },
          },
          strokeWidth: {
            field: 'what',
            type: 'ordinal',
            scale: { domain: [MEASURED, THEORY, ROUNDS], range: [3, 2.5, 1.5] },
          },
        },
      },
    ],
  };
}

/** Points that belong to a curve. */
function tagged(points: readonly Point[], what: string) {
  return points.map(({ cycles, share }) => ({ cycles, share, what }));
}

type Update = RunData['updates'][number];

function stairs({ heardMs, audience }: Update, interval: number, end: number): Point[] {
  const all = audience + 1;
  const points = heardMs.map((after, before) => ({ cycles: after / interval, share: (before + 2) / all }));
  return upTo(end, [{ cycles: 0, share: 1 / all }, ...points]);
}

function mean(updates: readonly Update[], interval: number, end: number): Point[] {
  const points: Point[] = [];
  const heard = updates.map(() => 0);
  for (let step = 0; step <= end * STEPS; step += 1) {
    const now = (step / STEPS) * interval;
    let sum = 0;
    for (const [at, { heardMs, audience }] of updates.entries()) {
      let count = heard[at] ?? 0;
      while (count < heardMs.length && (heardMs[count] ?? 0) <= now) count += 1;
      heard[at] = count;
      sum += (count + 1) / (audience + 1);
    }
    points.push({ cycles: step / STEPS, share: sum / updates.length });
  }
  return points;
}

/** Every so-many-th point of a curve, and the last. */
function pointsOf({ step, shares }: SpreadCurve, every: number): Point[] {
  return shares
    .map((share, at) => ({ cycles: at * step, share }))
    .filter((_, at) => at % every === 0 || at === shares.length - 1);
}

/** The part of a curve until the end of the plot, which it reaches in any case. */
function upTo(end: number, points: readonly Point[]): Point[] {
  const inside = points.filter(({ cycles }) => cycles <= end);
  return [...inside, { cycles: end, share: inside.at(-1)?.share ?? 0 }];
}
