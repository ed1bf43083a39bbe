import { describe, expect, it } from 'vitest';
import { frameLines, type Scene } from '../../../src/cli/demo-frame.ts';
import { columnsOf } from '../../../src/cli/terminal-text.ts';
import { changed, fleetViews, showing } from './demo-fixture.ts';

const KEYS = { chosen: 0, details: 'prod-eu-west: its page is http://127.0.0.1:41234/, its pid 1', help: false };
const EVENTS = Array.from(
  { length: 9 },
  (_, at) => `12:00:0${at} event ${at}, with a line that is longer than narrow terminals are`,
);
const plain = (scene: Partial<Scene>, columns = 100, rows = 30): string[] =>
  frameLines({ views: fleetViews(5), events: EVENTS, keys: KEYS, ...scene }, { columns, rows, color: false });

describe('the screen of the demo', () => {
  it('marks the chosen cluster and shows the newest events', () => {
    const lines = plain({ keys: { ...KEYS, chosen: 2 } });
    expect(lines.find((line) => line.startsWith('▸'))).toMatch(
      /^▸ 3 prod-ap-tokyo +asia-northeast1 +core +running +HEALTHY +5 HEALTHY$/,
    );
    expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(5);
    expect(lines.findIndex((line) => line.includes('event 8'))).toBeGreaterThan(
      lines.findIndex((line) => line.includes('event 7')),
    );
    expect(lines.at(-1)).toMatch(/^↑↓ choose .* q quit$/);
  });

  it('explains the keys in place of the events', () => {
    const text = plain({ keys: { ...KEYS, help: true } }).join('\n');
    for (const key of ['k kill', 'p pause', 'c cut off', 'r restart', 'l relabel']) expect(text).toContain(`\n${key}`);
    expect(text).not.toContain('event 8');
  });

  it.each([
    [5, 100, 30],
    [5, 80, 24],
    [5, 40, 20],
    [50, 120, 50],
    [50, 80, 24],
    [50, 40, 16],
    [1, 20, 14],
  ])('of %i nodes fits into %i × %i', (nodes, columns, rows) => {
    for (const chosen of [0, Math.floor(nodes / 2), nodes - 1]) {
      const lines = plain({ views: fleetViews(nodes), keys: { ...KEYS, chosen } }, columns, rows);
      expect(lines.length).toBeLessThan(rows);
      expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns);
      expect(lines.filter((line) => line.startsWith('▸'))).toHaveLength(1);
      expect(lines.at(-1)).toMatch(/\? help( +q quit)?$/);
    }
  });

  it('says how many of a long list are out of sight', () => {
    const lines = plain({ views: fleetViews(50), keys: { ...KEYS, chosen: 25 } }, 80, 24);
    const shown = lines.filter((line) => /^[▸ ] +\d+ /.test(line)).length;
    const [, above, below] = /… (\d+) more above, (\d+) below/.exec(lines.join('\n')) ?? [];
    expect(Number(above) + shown + Number(below)).toBe(50);
    expect(shown).toBeGreaterThan(8);
  });

  it('shows what was done to a cluster, how many have noticed, and what it shows itself', () => {
    const suspected = showing(fleetViews(3), [0], 'prod-ap-tokyo', { peerState: 'SUSPECTED_DEAD' });
    expect(plain({ views: changed(suspected, 2, { isCut: true }) })[5]).toMatch(
      /cut off +SUSPECTED_DEAD 1\/2 +3 HEALTHY$/,
    );
    expect(plain({ views: changed(suspected, 2, { isCut: true, process: 'paused' }) })[5]).toMatch(
      /paused, cut off +SUSPECTED_DEAD 1\/2 +does not answer$/,
    );
    expect(plain({ views: changed(suspected, 2, { process: 'ended', condition: 'ended' }) })[5]).toMatch(
      /ended +SUSPECTED_DEAD 1\/2 +-$/,
    );
  });

  it('shows labels as the others know them', () => {
    const relabelled = showing(fleetViews(3), [0, 1], 'prod-ap-tokyo', {
      state: { labels: { region: 'mars', tier: 'edge' } },
    });
    expect(plain({ views: relabelled })[5]).toMatch(/prod-ap-tokyo +mars +edge /);
  });

  it('has colours only where they are wanted', () => {
    const scene = { views: fleetViews(2), events: ['12:00:00 x is DEAD everywhere'], keys: KEYS };
    const size = { columns: 100, rows: 30 };
    expect(frameLines(scene, { ...size, color: false }).join('')).not.toContain('\u001B');
    expect(frameLines(scene, { ...size, color: true }).join('\n')).toContain('x is \u001B[31mDEAD\u001B[0m everywhere');
  });
});
