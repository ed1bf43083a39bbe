import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Column, renderTable } from '../../../src/cli/table.ts';
import { columnsOf } from '../../../src/cli/terminal-text.ts';
import { FORBIDDEN, HOSTILE } from './fixture.ts';

const COLUMNS: readonly Column[] = [{ title: 'NAME', least: 4 }, { title: 'STATE' }, { title: 'LABELS', least: 6 }];
const cells = (...texts: readonly string[]) => texts.map((text) => ({ text }));

describe('a table', () => {
  it('aligns its columns as kubectl does, without trailing blanks', () => {
    const lines = renderTable(COLUMNS, [cells('prod-eu', 'HEALTHY', 'a=b'), cells('b', 'DEAD', '')], { color: false });
    expect(lines).toEqual(['NAME      STATE     LABELS', 'prod-eu   HEALTHY   a=b', 'b         DEAD']);
  });

  it('aligns by the columns that a terminal takes, not by characters', () => {
    const lines = renderTable(COLUMNS, [cells('東京', 'DEAD', 'x'), cells('e\u0301', 'DEAD', 'y')], { color: false });
    expect(lines).toEqual(['NAME   STATE   LABELS', '東京   DEAD    x', 'e\u0301      DEAD    y']);
  });

  it('narrows its gaps, then its last columns first', () => {
    const rows = [cells('prod-europe', 'HEALTHY', 'env=prod,tier=core')];
    const at = (width: number) => renderTable(COLUMNS, rows, { color: false, width })[1];
    expect(at(42)).toBe('prod-europe   HEALTHY   env=prod,tier=core');
    expect(at(40)).toBe('prod-europe  HEALTHY  env=prod,tier=core');
    expect(at(36)).toBe('prod-europe  HEALTHY  env=prod,tier…');
    expect(at(26)).toBe('prod-eur…  HEALTHY  env=p…');
  });

  it.each([1, 2, 5, 10, 20, 23, 30, 40, 80])('never writes a line wider than %d columns', (width) => {
    const rows = [cells('prod-europe', 'SUSPECTED_DEAD', '東京=東京'), cells('b', 'HEALTHY', '')];
    for (const color of [false, true]) {
      for (const line of renderTable(COLUMNS, rows, { color, width })) {
        expect(columnsOf(stripVTControlCharacters(line))).toBeLessThanOrEqual(width);
      }
    }
  });

  it('passes no control character on', () => {
    const lines = renderTable(COLUMNS, [cells(HOSTILE, HOSTILE, HOSTILE)], { color: false });
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toMatch(FORBIDDEN);
  });

  it('bounds what one long text does to all lines', () => {
    const lines = renderTable(COLUMNS, [cells('x'.repeat(100_000), '', 'a'), cells('b', '', 'c')], { color: false });
    expect(lines[2]?.length).toBeLessThan(600);
  });

  it('colours where that is wanted, and only text', () => {
    const rows = [[{ text: 'a' }, { text: 'DEAD', style: 'bad' as const }, { text: '', style: 'good' as const }]];
    expect(renderTable(COLUMNS, rows, { color: true })[1]).toBe('a      \u001B[31mDEAD\u001B[0m');
    expect(renderTable(COLUMNS, rows, { color: false })[1]).toBe('a      DEAD');
  });
});
