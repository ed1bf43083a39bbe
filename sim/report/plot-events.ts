import type { TopLevelSpec } from 'vega-lite';
import type { RunData } from '../measure/run-data.ts';
import { across } from './axis.ts';
import { happenings } from './incidents.ts';
import { COLORS, WIDTH } from './theme.ts';

type Layers = Extract<TopLevelSpec, { layer: unknown }>['layer'];

const LINE_HEIGHT = 15;
const MAX_LINES = 3;
const FONT_SIZE = 11;
/** A letter is about so wide. */
const LETTER = 0.56 * FONT_SIZE;

/**
 * Upright lines where something was done to the mesh, with words above the plot where there is room for them.
 *
 * @param end the last second of the plot's x axis
 */
export function eventRules(run: RunData, end: number): Layers {
  const rules = happenings(run).filter(({ at }) => at <= end);
  if (rules.length === 0) return [];
  const x = across('at', end);
  const rule: Layers[number] = {
    data: { values: [...rules] },
    mark: { type: 'rule', color: COLORS.ink, strokeWidth: 1, strokeDash: [3, 3] },
    encoding: { x },
  };
  return [rule, ...labels(rules, end)];
}

function labels(rules: ReturnType<typeof happenings>, end: number): Layers {
  /** Where the last word of each line ends. */
  const ends: number[] = [];
  const texts: Layers[number][] = [];
  for (const { at, text } of rules) {
    const place = (at / end) * WIDTH;
    const width = text.length * LETTER;
    const toTheLeft = place + width > WIDTH;
    const begin = toTheLeft ? place - width : place;
    const line = ends.findIndex((last) => last + LETTER < begin);
    const chosen = line < 0 ? ends.length : line;
    if (chosen >= MAX_LINES) continue;
    ends[chosen] = begin + width;
    texts.push({
      data: { values: [{ at, text }] },
      mark: {
        type: 'text',
        y: -5 - chosen * LINE_HEIGHT,
        align: toTheLeft ? 'right' : 'left',
        baseline: 'bottom',
        color: COLORS.quiet,
        fontSize: FONT_SIZE,
      },
      encoding: {
        x: across('at', end),
        text: { field: 'text' },
      },
    });
  }
  return texts;
}
