import { describe, expect, it } from 'vitest';
import { DemoStory } from '../../../src/cli/demo-story.ts';
import type { View } from '../../../src/cli/demo-view.ts';
import { changed, fleetViews, showing } from './demo-fixture.ts';

const SUSPECTED = { peerState: 'SUSPECTED_DEAD' } as const;
const DEAD = { peerState: 'DEAD' } as const;
const TOKYO = 'prod-ap-tokyo';
const formed = fleetViews(3);

/** A story of a fleet that has formed already. */
function begun(views: readonly View[] = formed): DemoStory {
  const story = new DemoStory();
  expect(story.saw(views, 0)).toEqual([]);
  return story;
}

describe('the story of a demo', () => {
  it('tells how long after a deed the first noticed, and when all had', () => {
    const story = begun();
    story.did(TOKYO, 'kill', 1_000);
    const gone = changed(formed, 2, { condition: 'ended', process: 'ended' });
    expect(story.saw(gone, 1_100)).toEqual([]);
    const one = showing(gone, [0], TOKYO, SUSPECTED);
    expect(story.saw(one, 5_900)).toEqual([]);
    expect(story.saw(one, 6_500)).toEqual([`4.9 s after the kill: prod-eu-west says that ${TOKYO} is SUSPECTED_DEAD`]);
    expect(story.saw(one, 7_000)).toEqual([]);
    expect(story.saw(showing(gone, [0, 1], TOKYO, SUSPECTED), 7_500)).toEqual([
      `6.5 s after the kill: ${TOKYO} is SUSPECTED_DEAD everywhere`,
    ]);
    expect(story.saw(showing(gone, [0, 1], TOKYO, DEAD), 11_000)).toEqual([
      `10.0 s after the kill: ${TOKYO} is DEAD everywhere`,
    ]);
    expect(story.saw(showing(gone, [0, 1], TOKYO, null), 71_000)).toEqual([
      `70.0 s after the kill: ${TOKYO} is listed no more everywhere`,
    ]);
  });

  it('does not name who was first when all notice almost together', () => {
    const story = begun();
    expect(story.saw(showing(formed, [0], TOKYO, DEAD), 1_000)).toEqual([]);
    expect(story.saw(showing(formed, [0, 1], TOKYO, DEAD), 1_300)).toEqual([`${TOKYO} is DEAD everywhere`]);
  });

  it('keeps silent about how the mesh forms', () => {
    const story = new DemoStory();
    const empty = formed.map((view) => ({ ...view, members: [] }));
    expect(story.saw(empty, 0)).toEqual([]);
    expect(story.saw(changed(empty, 0, { members: formed[0]?.members ?? [] }), 1_000)).toEqual([]);
    expect(story.saw(formed, 2_000)).toEqual([]);
  });

  it('follows a label', () => {
    const story = begun();
    story.did(TOKYO, 'relabel', 0);
    const edge = { state: { labels: { tier: 'edge' } } };
    expect(story.saw(showing(formed, [0, 1], TOKYO, edge), 300)).toEqual([
      `0.3 s after the relabel: ${TOKYO} has tier=edge everywhere`,
    ]);
  });

  it.each<[string, Partial<View>]>([
    ['cut off', { isCut: true }],
    ['paused', { process: 'paused' }],
  ])('does not count what an agent tells that is %s, until it tells the same as the others', (_what, away) => {
    const story = begun();
    story.did(TOKYO, 'harm', 0);
    const itself = showing(changed(formed, 2, away), [2], 'prod-eu-west', DEAD);
    const apart = showing(itself, [0, 1], TOKYO, DEAD);
    expect(story.saw(apart, 9_000)).toEqual([`9.0 s after the harm: ${TOKYO} is DEAD everywhere`]);
    const back = changed(apart, 2, { isCut: false, process: 'running' });
    expect(story.saw(back, 10_000)).toEqual([]);
    expect(story.saw(formed, 11_000)).toEqual([
      `11.0 s after the harm: ${TOKYO} is HEALTHY everywhere`,
      `11.0 s after the harm: ${TOKYO} shows what the others show`,
    ]);
  });

  it('names the only other one', () => {
    const two = fleetViews(2);
    const story = begun(two);
    expect(story.saw(showing(two, [0], 'prod-us-east', DEAD), 1_000)).toEqual(['prod-us-east is DEAD at prod-eu-west']);
  });
});
