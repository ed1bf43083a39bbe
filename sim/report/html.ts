import type { RunData } from '../measure/run-data.ts';
import { allKnow, atOwnMoments, reaches } from '../measure/theory.ts';
import { figures, time, whole } from './format.ts';
import { type Group, groupsOf } from './group.ts';
import { detectionPlot } from './plot-detection.ts';
import { spreadPlot } from './plot-spread.ts';
import { MAX_ROWS, statesPlot } from './plot-states.ts';
import { trafficPlot } from './plot-traffic.ts';
import { STYLE } from './style.ts';
import { drawSvg } from './svg.ts';
import { heading, rowsOf } from './table.ts';

/** The whole report as one page that needs nothing from elsewhere: no script, no font, no picture. The same runs give the same text. */
export async function renderHtml(runs: readonly RunData[]): Promise<string> {
  const sections: string[] = [];
  for (const group of groupsOf(runs)) sections.push(await section(group));
  const title = 'Muster simulation report';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="quiet">Times are virtual. A cycle is one gossip interval. Rates are per live node.</p>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

async function section(group: Group): Promise<string> {
  const [first] = group.runs;
  const states = statesPlot(first);
  const spread = spreadPlot(group);
  const traffic = trafficPlot(group);
  const detection = detectionPlot(group);
  const of = group.runs.length > 1 && first.seed !== null ? ` (seed ${first.seed})` : '';
  return [
    `<section>`,
    `<h2>${escaped(group.title)}</h2>`,
    `<p class="quiet">${escaped(heading(group).slice(group.title.length + 2))}.</p>`,
    table(group),
    spread && (await figure('How an update spreads', spread, spreadCaption(group))),
    await figure(`How members are shown${of}`, states.plot, statesCaption(states.leftOut)),
    traffic && (await figure('Bytes sent', traffic, trafficCaption(group))),
    detection && (await figure('How long a crash takes to be seen', detection, detectionCaption(group))),
    seeds(group),
    `</section>`,
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

function table(group: Group): string {
  const several = group.runs.length > 1;
  const heads = ['measure', 'median', 'p99', 'max', 'in cycles', 'worst'];
  const rows = rowsOf(group).map(({ what, median, p99, max, cycles, note }) => {
    const cells = [median, p99, max, cycles, note].map((cell) => `<td>${held(escaped(cell))}</td>`);
    return `<tr><th scope="row">${escaped(what)}</th>${cells.join('')}</tr>`;
  });
  const caption = several
    ? '<p class="quiet">Each number is the median of the seeds, with the least and the greatest; the last column tells of the worst seed.</p>'
    : '';
  return `<div class="scroll"><table>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>${caption}</div>`;
}

async function figure(title: string, plot: Parameters<typeof drawSvg>[0], caption: string): Promise<string> {
  const svg = await drawSvg(plot, title);
  return `<figure><h3>${escaped(title)}</h3><div class="plot">${svg}</div><figcaption>${escaped(caption)}</figcaption></figure>`;
}

function spreadCaption({ runs }: Group): string {
  const [{ protocol, network }] = runs;
  const interval = protocol.gossipIntervalMs;
  const updates = runs.flatMap((run) => run.updates).filter(({ heardMs }) => heardMs.length > 0);
  const complete = updates.filter(({ missed }) => missed === 0).map(({ spread }) => (spread?.max ?? 0) / interval);
  const nodes = Math.round(updates.reduce((sum, { audience }) => sum + audience, 0) / updates.length) + 1;
  const theory = reaches(atOwnMoments(nodes, protocol.gossipFactor, network.hopMs / interval), allKnow(nodes));
  const median = complete.toSorted((a, b) => a - b)[Math.floor((complete.length - 1) / 2)];
  const measured =
    median === undefined
      ? 'No update reached all nodes'
      : `All nodes knew after ${figures(median)} cycles (${complete.length === 1 ? 'one update' : `median of ${whole(complete.length)} updates`})`;
  const expected = theory === undefined ? '' : `; theory says ${figures(theory)}`;
  return `${measured}${expected}. Thin lines are single updates.`;
}

function statesCaption(leftOut: number): string {
  const strips = 'A strip for each member, parted by the share of live nodes that show it so.';
  if (leftOut === 0) return strips;
  return `${strips} These are the ${whole(MAX_ROWS)} members that were least HEALTHY; ${whole(leftOut)} others are left out.`;
}

function trafficCaption({ runs }: Group): string {
  const each = runs.length > 1 ? ' The first seed is in colour.' : '';
  return `Mean over the live nodes, all messages with their framing.${each}`;
}

function detectionCaption({ runs }: Group): string {
  const detections = runs.flatMap((run) => run.detections);
  const observers = detections.reduce((sum, { observers: count }) => sum + count, 0);
  const crashes = `${whole(detections.length)} ${detections.length === 1 ? 'crash' : 'crashes'}`;
  return `${crashes}, seen by ${whole(observers)} observers in all.`;
}

/** What it takes to do each run again. */
function seeds({ runs }: Group): string {
  if (runs.length === 1) return '';
  const rows = runs.map(
    ({ seed, durationMs, events, traceHash }) =>
      `<tr><td>${seed ?? '–'}</td><td>${time(durationMs)}</td><td>${whole(events)}</td><td><code>${traceHash}</code></td></tr>`,
  );
  return `<div class="scroll"><table>
<thead><tr><th scope="col">seed</th><th scope="col">virtual time</th><th scope="col">events</th><th scope="col">trace</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

/** Keeps a number and its unit, and numbers parted by strokes, on one line. */
function held(text: string): string {
  return text.replaceAll(/(?<=\d) (?=(?:m?s|[kM]?B)\b)| (?=\/)|(?<=\/) /g, '\u00a0');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
