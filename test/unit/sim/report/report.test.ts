import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderHtml } from '../../../../sim/report/html.ts';
import { writeReport } from '../../../../sim/report/write-report.ts';
import { exampleRun } from './example-run.ts';

describe('the page', () => {
  it('is the same every time', async () => {
    const runs = [exampleRun(), exampleRun({ seed: 2 })];
    expect(await renderHtml(runs)).toBe(await renderHtml(runs));
  });

  it('needs nothing from elsewhere and runs nothing', async () => {
    const page = await renderHtml([exampleRun()]);
    expect(page).not.toMatch(
      /<(?:script|link|iframe|img|image|object|embed)\b|\b(?:src|href|srcset)=|@import|url\(|https?:/i,
    );
    expect(page).not.toMatch(/\son\w+=/i);
  });

  it('has all plots, with their axes named', async () => {
    const page = await renderHtml([exampleRun()]);
    const plots = page.match(/<svg [^>]*>/g) ?? [];
    expect(plots.map((plot) => /aria-label="([^"]*)"/.exec(plot)?.[1])).toEqual([
      'How an update spreads',
      'How members are shown',
      'Bytes sent',
      'How long a crash takes to be seen',
    ]);
    for (const text of [
      'time since the update (cycles of 500 ms)',
      'nodes that know it',
      'virtual time (s)',
      'kB per node and second',
      'time since the crash (cycles of 500 ms)',
      'share of observers',
      'SUSPECTED_DEAD',
      'crash n2',
      'network disturbed',
    ]) {
      expect(page).toContain(`>${text}</text>`);
    }
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('lists members as people count', async () => {
    const page = await renderHtml([exampleRun()]);
    const labels = [...page.matchAll(/transform="translate\(-?[\d.]+,([\d.]+)\)"[^>]*>(n\d+)<\/text>/g)];
    const names = labels.toSorted(([, a], [, b]) => Number(a) - Number(b)).map(([, , name]) => name);
    expect(names).toEqual(['n0', 'n2', 'n10']);
  });

  it('draws in colours that the page names for light and dark', async () => {
    const page = await renderHtml([exampleRun()]);
    const inPlots = [...page.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, color]) => color ?? '');
    expect(inPlots.length).toBeGreaterThan(20);
    for (const color of inPlots) expect(color).toMatch(/^(?:var\(--[a-z]+\)|none|transparent)$/);
    for (const name of new Set([...page.matchAll(/var\(--([a-z]+)\)/g)].map(([, variable]) => variable))) {
      expect(page.match(new RegExp(`--${name}: #[0-9a-f]{6};`, 'g'))).toHaveLength(2);
    }
  });

  it('shows foreign names as they are', async () => {
    const page = await renderHtml([exampleRun({ scenario: '<b>"&', members: ['<i>', 'n10', 'n2'] })]);
    expect(page).toContain('&lt;b&gt;&quot;&amp;, 3 nodes');
    expect(page).not.toMatch(/<b>|<i>/);
  });

  it('leaves out plots that there is nothing for', async () => {
    const page = await renderHtml([exampleRun({ updates: [], detections: [] })]);
    expect(page.match(/<figure>/g)).toHaveLength(2);
  });

  it('shows the 200 members that were least healthy of a larger mesh', async () => {
    const members = Array.from({ length: 300 }, (_, at) => `m${at}`);
    const states = {
      bucketMs: 250,
      buckets: 80,
      members: members.map((_, at) => [[0, at === 250 ? 0.5 : 1, 0, 0] as const]),
    };
    const page = await renderHtml([exampleRun({ nodes: 300, members, states })]);
    expect(page).toContain('100 others are left out');
  });
});

describe('a written report', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'muster-report-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('has a page and its data', async () => {
    const runs = [exampleRun(), exampleRun({ seed: 2 })];
    const inside = join(directory, 'a', 'b');
    const files = await writeReport(inside, runs);
    expect(files).toEqual([join(inside, 'report.html'), join(inside, 'report.json')]);
    expect(await readFile(join(inside, 'report.html'), 'utf8')).toBe(await renderHtml(runs));
    expect(JSON.parse(await readFile(join(inside, 'report.json'), 'utf8'))).toStrictEqual({ runs });
  });
});
