import { describe, expect, it } from 'vitest';
import { endpointProblem, isPort, labelKeyProblem, labelValueProblem } from '../../../src/base/metadata.ts';
import { demoClusters } from '../../../src/cli/demo-clusters.ts';
import { allSeeAll, demoTable, type View, viewText } from '../../../src/cli/demo-view.ts';
import { listed } from './fixture.ts';

const [A, B] = demoClusters(2);
if (A === undefined || B === undefined) throw new Error('two clusters were asked for');
const view = (cluster: View['cluster'], members: View['members'], condition: View['condition'] = 'answers'): View => ({
  cluster,
  members,
  condition,
  process: condition === 'ended' ? 'ended' : 'running',
  isCut: false,
});
const both = [listed(A.name), listed(B.name)];
const oneDead = [listed(A.name), listed(B.name, { peerState: 'DEAD' })];

describe('made-up clusters', () => {
  it('are as many as wanted, each with a name of its own', () => {
    for (const wanted of [1, 12, 13, 50]) {
      expect(new Set(demoClusters(wanted).map(({ name }) => name)).size).toBe(wanted);
    }
  });

  it('are such as an agent accepts', () => {
    for (const { apiEndpoint, apiPort, labels } of demoClusters(50)) {
      expect(endpointProblem(apiEndpoint)).toBeUndefined();
      expect(isPort(apiPort)).toBe(true);
      expect(Object.keys(labels)).toEqual(['env', 'region', 'provider', 'tier']);
      for (const [key, value] of Object.entries(labels)) {
        expect(labelKeyProblem(key) ?? labelValueProblem(value)).toBeUndefined();
      }
    }
  });
});

describe('all see all', () => {
  it('when every agent shows every other one HEALTHY', () => {
    expect(allSeeAll([view(A, both), view(B, both)])).toBe(true);
  });

  it.each<[string, readonly View[]]>([
    ['one shows too few', [view(A, both), view(B, both.slice(1))]],
    ['one shows a dead one', [view(A, oneDead), view(B, both)]],
    ['one was not asked yet', [view(A, both), view(B, [], 'asked')]],
    ['one does not answer', [view(A, both), view(B, both, 'silent')]],
    ['one has ended', [view(A, both), view(B, both, 'ended')]],
  ])('not when %s', (_what, views) => {
    expect(allSeeAll(views)).toBe(false);
  });
});

describe('what an agent shows, in words', () => {
  it('names who is not healthy', () => {
    expect(viewText(view(A, both))).toBe('shows 2 HEALTHY');
    expect(viewText(view(A, oneDead))).toBe('shows 1 HEALTHY, 1 DEAD (prod-us-east)');
    expect(viewText(view(A, [listed('x', { peerState: 'DEAD', left: true })]))).toBe('shows 1 LEFT (x)');
    expect(viewText(view(A, both, 'silent'))).toBe('does not answer');
  });
});

describe('the live table', () => {
  it('shows where the others disagree, and leaves out the last words of the dead', () => {
    const three = demoClusters(3);
    const names = three.map(({ name }) => name);
    const all = names.map((name) => listed(name));
    const less = all.map((member) => (member.id === B.name ? listed(B.name, { peerState: 'DEAD' }) : member));
    const [first, second, third] = three;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were asked for');
    const lines = demoTable([view(first, less), view(second, all), view(third, all)], { color: false, chosen: 0 });
    expect(lines[2]).toMatch(/prod-us-east .* DEAD 1\/2 +3 HEALTHY$/);
    const after = demoTable([view(first, less), view(second, all, 'ended'), view(third, less)], {
      color: false,
      chosen: 0,
    });
    expect(after[2]).toMatch(/prod-us-east .* ended +DEAD +-$/);
    expect(after[1]).toMatch(/prod-eu-west .* HEALTHY +2 HEALTHY, 1 DEAD$/);
  });
});
