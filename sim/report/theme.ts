import type { Config } from 'vega-lite';

/**
 * Colours of the report, as names of CSS properties: the page gives them their values for light, dark and paper. States differ in
 * lightness as well as in hue, so that they can be told apart without seeing colours.
 */
export const COLORS = {
  ink: 'var(--ink)',
  quiet: 'var(--quiet)',
  line: 'var(--line)',
  accent: 'var(--accent)',
  second: 'var(--second)',
  healthy: 'var(--healthy)',
  suspected: 'var(--suspected)',
  dead: 'var(--dead)',
  absent: 'var(--absent)',
} as const;

const FONT = 'system-ui, sans-serif';

export const WIDTH = 820;

/** The look that all plots share. */
export const LOOK: Config = {
  background: 'transparent',
  font: FONT,
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: COLORS.quiet,
    titleColor: COLORS.quiet,
    gridColor: COLORS.line,
    domainColor: COLORS.line,
    tickColor: COLORS.line,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 10,
  },
  legend: {
    orient: 'top',
    labelColor: COLORS.ink,
    labelFontSize: 12,
    labelLimit: 0,
    title: null,
    offset: 12,
    symbolSize: 300,
    columnPadding: 20,
  },
};
