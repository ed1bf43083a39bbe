/** What a terminal showed from one moment on. */
export interface Frame {
  /** Milliseconds since the beginning. */
  readonly at: number;
  /** Its lines, with the control sequences of colours and of nothing else. A colour lasts until the next, over the end of a line. */
  readonly lines: readonly string[];
}

interface Look {
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly color?: string;
}

const CELL = { width: 8.4, height: 20 };
const MARGIN = { side: 22, top: 50, bottom: 18 };
const COLORS: Readonly<Record<number, string>> = { 31: 'r', 32: 'g', 33: 'y' };
const STYLE = `
  .ground { fill: #10161d; stroke: #2b3640 }
  .bar { fill: #8b98a5; font: 13px ui-sans-serif, system-ui, sans-serif }
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #d5dde5; white-space: pre }
  .b { font-weight: 700; fill: #fff } .f { fill: #8494a4 }
  .g { fill: #6fcf8e } .y { fill: #f0c05a } .r { fill: #ff7a70 }`;

/**
 * Draws a recording as an animated image that needs nothing but a browser's CSS: a film whose pictures lie beneath each other behind
 * a window, moved from one to the next. Lines that are the same are kept once. Who prefers reduced motion sees the last picture.
 *
 * @param frames at least one, in the order of time
 * @param duration of all of it in milliseconds, after which it begins again
 * @param columns the width of the terminal in characters
 */
export function demoSvg(frames: readonly Frame[], duration: number, columns: number, title: string): string {
  const rows = Math.max(...frames.map(({ lines }) => lines.length));
  const window = { width: columns * CELL.width, height: rows * CELL.height };
  const [width, height] = [window.width + 2 * MARGIN.side, window.height + MARGIN.top + MARGIN.bottom];
  const { definitions, pictures } = pictureLines(frames, window.height);
  const steps = frames.map(
    ({ at }, index) => `${((at / duration) * 100).toFixed(2)}% { transform: translateY(${-index * window.height}px) }`,
  );
  const last = -(frames.length - 1) * window.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
  .film { animation: play ${(duration / 1_000).toFixed(1)}s step-end infinite }
  @keyframes play { ${steps.join(' ')} }
  @media (prefers-reduced-motion: reduce) { .film { animation: none; transform: translateY(${last}px) } }
</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>
<text class="bar" x="${MARGIN.side}" y="27">${escaped(title)}</text>
<defs>
${definitions.join('\n')}
</defs>
<svg x="${MARGIN.side}" y="${MARGIN.top}" width="${window.width}" height="${window.height}"><g class="film">
${pictures.join('\n')}
</g></svg>
</svg>
`;
}

/** Each different line once, and the pictures made of them. */
function pictureLines(
  frames: readonly Frame[],
  height: number,
): { readonly definitions: string[]; readonly pictures: string[] } {
  const names = new Map<string, string>();
  const definitions: string[] = [];
  const pictures = frames.map(({ lines }, index) => {
    let look: Look = {};
    const uses = lines.map((line, row) => {
      const drawn = runsOf(line, look);
      look = drawn.look;
      const text = drawn.runs.join('');
      if (text === '') return '';
      let name = names.get(text);
      if (name === undefined) {
        name = `l${names.size}`;
        names.set(text, name);
        definitions.push(`<text id="${name}">${text}</text>`);
      }
      return `<use href="#${name}" y="${index * height + (row + 0.75) * CELL.height}"/>`;
    });
    return uses.join('');
  });
  return { definitions, pictures };
}

/** A line in pieces of one look each, every piece held to the grid whatever font there is. */
function runsOf(line: string, before: Look): { readonly runs: readonly string[]; readonly look: Look } {
  const runs: string[] = [];
  let look = before;
  let column = 0;
  for (const [at, part] of line.split('\u001B[').entries()) {
    const [codes, rest] = at === 0 ? ['', part] : [part.slice(0, part.indexOf('m')), part.slice(part.indexOf('m') + 1)];
    if (at > 0) look = codes.split(';').map(Number).reduce(changed, look);
    for (const { 0: text, index } of rest.matchAll(/\S+(?: \S+)*/g)) {
      const x = ((column + index) * CELL.width).toFixed(1);
      const length = (text.length * CELL.width).toFixed(1);
      const classes = [look.bold && 'b', look.faint && 'f', look.color].filter(Boolean).join(' ');
      const dress = classes === '' ? '' : ` class="${classes}"`;
      runs.push(`<tspan x="${x}" textLength="${length}"${dress}>${escaped(text)}</tspan>`);
    }
    column += rest.length;
  }
  return { runs, look };
}

function changed(look: Look, code: number): Look {
  if (code === 0) return {};
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, faint: true };
  if (code === 22) return look.color === undefined ? {} : { color: look.color };
  const color = COLORS[code];
  if (color !== undefined) return { ...look, color };
  return { ...(look.bold === true ? { bold: true } : {}), ...(look.faint === true ? { faint: true } : {}) };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
