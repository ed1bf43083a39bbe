import { describe, expect, it } from 'vitest';
import { picture } from '../../../src/http/pages/picture.ts';
import type { ShownMember } from '../../../src/http/port.ts';
import { member } from './fixture.ts';

const self = member('self', { isLocal: true });

function mesh(size: number, groups: number): readonly ShownMember[] {
  const others = Array.from({ length: size - 1 }, (_, index) =>
    member(`member-${index}`, { decoded: { labels: { region: `region-${index % groups}` } } }),
  );
  return [self, ...others];
}

/** The distance of the two marks that are nearest to each other. */
function nearest(dots: ReturnType<typeof picture>['dots']): number {
  const distances = dots.flatMap((a, index) =>
    dots.slice(index + 1).map((b) => Math.hypot(Number(a.x) - Number(b.x), Number(a.y) - Number(b.y))),
  );
  return distances.reduce((least, distance) => Math.min(least, distance), Number.POSITIVE_INFINITY);
}

describe('the picture of the mesh', () => {
  it.each([
    [2, 1],
    [5, 4],
    [20, 11],
    [200, 12],
    [200, 1],
    [500, 24],
    [500, 300],
  ])('keeps all marks and names apart and inside, with %i members in %i groups', (size, groups) => {
    const { dots, labels, width, height, size: radius, centre } = picture(mesh(size, groups), 'region');
    expect(dots).toHaveLength(size - 1);
    expect(nearest(dots)).toBeGreaterThan(radius * 1.6);
    for (const { x, y } of dots) {
      expect(Math.hypot(Number(x) - centre.x, Number(y) - centre.y)).toBeGreaterThan(20);
      expect(Number(x)).toBeGreaterThan(radius);
      expect(Number(x)).toBeLessThan(width - radius);
      expect(Number(y)).toBeGreaterThan(radius);
      expect(Number(y)).toBeLessThan(height - radius);
    }
    for (const anchor of ['start', 'end']) {
      const heights = labels.filter((label) => label.anchor === anchor).map(({ y }) => y);
      for (const [index, y] of heights.entries()) {
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(height);
        expect(y - (heights[index - 1] ?? -height)).toBeGreaterThanOrEqual(13);
      }
    }
  });

  it('names the members of a small mesh and the groups of a large one', () => {
    const small = picture(mesh(5, 2), 'region').labels.map(({ text, below }) => `${text} ${below}`);
    expect(small.toSorted()).toEqual([
      'member-0 region-0',
      'member-1 region-1',
      'member-2 region-0',
      'member-3 region-1',
    ]);
    const large = picture(mesh(41, 2), 'region').labels.map(({ text, below }) => `${text} ${below}`);
    expect(large.toSorted()).toEqual(['region-0 20', 'region-1 20']);
  });

  it('tells who is reached directly, who through others, and who not at all', () => {
    const members = [
      self,
      member('direct'),
      member('indirect', { reachability: 'indirect' }),
      member('dead', { state: 'DEAD' }),
    ];
    const { spokes, dots, description } = picture(members, '');
    expect(spokes.map(({ direct }) => direct)).toEqual([true, false]);
    expect(dots.map(({ kind, direct, title }) => [kind, direct, title])).toEqual([
      ['healthy', true, 'direct: healthy, reached directly'],
      ['healthy', false, 'indirect: healthy, known through others'],
      ['dead', true, 'dead: dead, not reached'],
    ]);
    expect(description).toBe('4 members, 1 dead, 1 known through others only');
  });

  it('is drawn for a node that is alone', () => {
    expect(picture([self], 'region')).toMatchObject({ dots: [], spokes: [], labels: [] });
  });

  it('shortens names that have no room', () => {
    const long = member('n'.repeat(253), { decoded: { labels: { region: 'r'.repeat(63) } } });
    const { labels } = picture([self, long], 'region');
    expect(labels.map(({ text, below }) => [text.length, below.length])).toEqual([[19, 24]]);
  });
});
