import { columnsOf, truncated, visible } from './terminal-text.ts';

/** How a cell looks where colours are wanted. */
export type Style = 'good' | 'warning' | 'bad' | 'faint' | 'title';

const CODES: Readonly<Record<Style, string>> = { good: '32', warning: '33', bad: '31', faint: '2', title: '1' };

export interface Column {
  readonly title: string;
  /** How narrow it may get, in terminal columns, when the table does not fit. Absent: it keeps its width. */
  readonly least?: number;
}

/** What a cell shows. Foreign text needs no care: {@link renderTable} makes it safe. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

interface TableOptions {
  /** The width of the terminal in columns; absent: as wide as the table wants, and cells up to {@link MAX_CELL} columns. */
  readonly width?: number | undefined;
  readonly color: boolean;
}

/** Widest cell where nothing else bounds it: one member's long text must not make every line of a file as long. */
const MAX_CELL = 500;

const GAP = 3;
const NARROW_GAP = 2;

/**
 * Lays out a table as kubectl does: titles, aligned columns, no borders. Where it is too wide, the columns that may shrink do so, the
 * last ones first; what is still too much at the end of a line is cut. No line wraps.
 *
 * @returns lines without line breaks and without trailing blanks
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
): string[] {
  const lines = [
    columns.map(({ title }): Cell => ({ text: title, style: 'title' })),
    ...rows.map((cells) => cells.map((cell) => ({ ...cell, text: truncated(visible(cell.text), MAX_CELL) }))),
  ];
  const natural = columns.map((_, at) =>
    lines.reduce((widest, cells) => Math.max(widest, columnsOf(cells[at]?.text ?? '')), 0),
  );
  const room = options.width ?? Number.POSITIVE_INFINITY;
  const gap = total(natural, GAP) <= room ? GAP : NARROW_GAP;
  const widths = shrunk(columns, natural, total(natural, gap) - room);
  return lines.map((cells) => renderLine(cells, widths, gap, room, options.color));
}

/** Text in the look of a style, or as it is where no colours are wanted. */
export function styled(text: string, style: Style | undefined, color: boolean): string {
  return color && style !== undefined && text !== '' ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text;
}

function total(widths: readonly number[], gap: number): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);
}

/** Takes `excess` columns away where that is allowed, from the last column to the first. */
function shrunk(columns: readonly Column[], natural: readonly number[], excess: number): number[] {
  const widths = [...natural];
  let left = excess;
  for (let at = columns.length - 1; at >= 0 && left > 0; at -= 1) {
    const width = widths[at] ?? 0;
    const taken = Math.min(left, Math.max(0, width - (columns[at]?.least ?? width)));
    widths[at] = width - taken;
    left -= taken;
  }
  return widths;
}

function renderLine(
  cells: readonly Cell[],
  widths: readonly number[],
  gap: number,
  room: number,
  color: boolean,
): string {
  let line = '';
  let start = 0;
  let end = 0;
  for (const [at, cell] of cells.entries()) {
    const width = widths[at] ?? 0;
    const text = truncated(cell.text, Math.min(width, room - start));
    if (text !== '') {
      line += ' '.repeat(start - end) + styled(text, cell.style, color);
      end = start + columnsOf(text);
    }
    start += width + gap;
  }
  return line;
}
