import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { LOOK } from './theme.ts';

/**
 * Draws a plot.
 *
 * @param label what it shows, for those who do not see it
 * @returns the text of an `svg` element that fills the width it is given, the same for the same plot
 */
export async function drawSvg(plot: TopLevelSpec, label: string): Promise<string> {
  const { spec } = compile(plot, { config: LOOK });
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const [, width = '', height = ''] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
    return svg.replace(
      /^<svg[^>]*>/,
      `<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${attribute(label)}">`,
    );
  } finally {
    view.finalize();
  }
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
