import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { columnsOf, escapedJson, truncated, visible } from '../../../src/cli/terminal-text.ts';
import { stringifyYaml } from '../../../src/cli/yaml-text.ts';
import { FORBIDDEN, HOSTILE } from './fixture.ts';

describe('foreign text on a terminal', () => {
  it.each([
    ['C0', '\u001B'],
    ['a line break', '\n'],
    ['DEL', '\u007F'],
    ['C1', '\u009B'],
    ['a direction override', '\u202E'],
    ['a direction isolate', '\u2066'],
    ['a right-to-left mark', '\u200F'],
    ['a zero-width space', '\u200B'],
    ['a zero-width joiner', '\u200D'],
    ['a byte order mark', '\uFEFF'],
    ['a soft hyphen', '\u00AD'],
    ['a Hangul filler', '\u3164'],
    ['a tag character', '\u{E0041}'],
    ['a line separator', '\u2028'],
    ['a lone surrogate', '\uD800'],
  ])('shows that there was %s, and nothing of it', (_what, character) => {
    expect(visible(`x${character}y`)).toBe('x\uFFFDy');
  });

  it('leaves what people write', () => {
    const text = 'prod-eu_1 Übersee 東京 café e\u0301 🚀 a=b/c';
    expect(visible(text)).toBe(text);
  });
});

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['prod-eu', 7],
    ['Übersee', 7],
    ['e\u0301', 1],
    ['東京', 4],
    ['ﾊﾝ', 2],
    ['한국', 4],
    ['🚀', 2],
    ['x…', 2],
  ])('of %j is %d', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  it.each([
    ['prod-eu', 7, 'prod-eu'],
    ['prod-eu', 6, 'prod-…'],
    ['prod-eu', 1, '…'],
    ['prod-eu', 0, ''],
    ['東京都', 6, '東京都'],
    ['東京都', 5, '東京…'],
    ['東京都', 4, '東…'],
    ['ae\u0301bc', 3, 'ae\u0301…'],
  ])('%j in %d columns is %j', (text, columns, expected) => {
    expect(truncated(text, columns)).toBe(expected);
  });
});

describe('data for programs, shown on a terminal', () => {
  const data = [{ id: HOSTILE, state: { labels: { [HOSTILE]: 'plain', other: '\u009B' } }, version: 1 }];

  it('is JSON that means the same', () => {
    const text = escapedJson(JSON.stringify(data, null, 2));
    expect(JSON.parse(text)).toEqual(data);
    expect(text.replaceAll('\n', '')).not.toMatch(FORBIDDEN);
    expect(text.split('\n')).toHaveLength(12);
  });

  it('is YAML that means the same', () => {
    const text = stringifyYaml(data);
    expect(parse(text)).toEqual(data);
    expect(text.replaceAll('\n', '')).not.toMatch(FORBIDDEN);
  });

  it('is YAML for people where there is nothing to escape', () => {
    expect(stringifyYaml([{ id: 'prod-eu', labels: { env: 'prod' } }])).toBe(
      '- id: prod-eu\n  labels:\n    env: prod\n',
    );
  });
});
