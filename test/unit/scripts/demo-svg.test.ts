import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demoSvg } from '../../../scripts/demo-svg.ts';

const ESC = '\u001B[';
const draw = (...screens: string[][]): string =>
  demoSvg(
    screens.map((lines, index) => ({ at: index * 1_000, lines })),
    screens.length * 1_000,
    40,
    'a <title>',
  );

describe('a recording as an image', () => {
  it('shows one picture after the other, and begins again', () => {
    const svg = draw(['one'], ['two'], ['three'], ['four']);
    expect(svg).toContain('animation: play 4.0s step-end infinite');
    expect(
      [...svg.matchAll(/([\d.]+)% \{ transform: translateY\((-?\d+)px\) \}/g)].map(([, at, by]) => [at, by]),
    ).toEqual([
      ['0.00', '0'],
      ['25.00', '-20'],
      ['50.00', '-40'],
      ['75.00', '-60'],
    ]);
    expect(svg).toContain('animation: none; transform: translateY(-60px)');
  });

  it('keeps a line that comes again only once', () => {
    const svg = draw(['same', 'one'], ['same', 'two']);
    expect(svg.match(/>same</g)).toHaveLength(1);
    expect(svg.match(/<use href="#l0"/g)).toHaveLength(2);
  });

  it('has the colours of the terminal, also over the end of a line', () => {
    const svg = draw([`${ESC}32mgood${ESC}39m ${ESC}1mbold`, `too${ESC}0m plain`]);
    expect(svg).toContain('class="g">good<');
    expect(svg).toContain('class="b">bold<');
    expect(svg).toContain('class="b">too<');
    expect(svg).toMatch(/textLength="42\.0">plain</);
  });

  it('is no markup of what was on the screen', () => {
    const svg = draw(['<script>&"']);
    expect(svg).toContain('&lt;script>&amp;&quot;');
    expect(svg).toContain('aria-label="a &lt;title>"');
  });
});

describe('the recording of the documentation', () => {
  const svg = readFileSync('docs/images/demo.svg', 'utf8');

  it('shows a death and a return, within 300 kB', () => {
    expect(svg.length).toBeLessThan(300_000);
    for (const what of ['SUSPECTED_DEAD', 'DEAD', 'HEALTHY', 'killed prod-ap-tokyo', 'tier=edge'])
      expect(svg).toContain(what);
  });

  it('loads nothing and runs nothing', () => {
    expect(svg).not.toMatch(/<script|@import|url\(|href="(?!#)|<image|<foreignObject/i);
  });
});
