import { describe, expect, it } from 'vitest';
import { age, membersTable } from '../../../src/cli/members-table.ts';
import { FORBIDDEN, HOSTILE, listed, NOON } from './fixture.ts';

const OPTIONS = { wide: false, asOf: NOON, color: false };

describe('the table of members', () => {
  it('shows name, state, endpoint, labels and age, and marks the local one', () => {
    const members = [
      listed('a', { isLocal: true, state: { labels: { env: 'prod', tier: 'core' } } }),
      listed('b', { peerState: 'SUSPECTED_DEAD', state: { labels: {}, apiEndpoint: '' } }),
    ];
    expect(membersTable(members, OPTIONS)).toEqual([
      'NAME   STATE            API ENDPOINT                     LABELS               LAST SEEN',
      'a *    HEALTHY          https://api.a.example.com:6443   env=prod,tier=core   3s ago',
      'b      SUSPECTED_DEAD                                                         3s ago',
    ]);
  });

  it('adds address, port, version and how each is reached when it is wide', () => {
    const members = [
      listed('a', { reachability: 'direct' }),
      listed('b', { reachability: 'indirect' }),
      listed('c', { reachability: 'direct', isLocal: true }),
      listed('d', { reachability: 'indirect', peerState: 'DEAD', left: true }),
      listed('e'),
    ];
    const [head, first, ...others] = membersTable(members, { ...OPTIONS, wide: true });
    expect(head).toMatch(/LAST SEEN {3}ADDRESS {9}AUTH PORT {3}VERSION {3}REACHED$/);
    expect(first).toMatch(/3s ago {6}10\.0\.3\.7:7946 {3}443 {9}7 {9}direct$/);
    expect(others.map((row) => row.split(/ {2,}/).at(-1))).toEqual(['indirect', '-', '-', '-']);
    expect(others[2]).toContain(' LEFT ');
  });

  it('tells who left by itself from who died', () => {
    const lines = membersTable(
      [listed('a', { peerState: 'DEAD', left: true }), listed('b', { peerState: 'DEAD' })],
      OPTIONS,
    );
    expect(lines[1]).toMatch(/^a {6}LEFT /);
    expect(lines[2]).toMatch(/^b {6}DEAD /);
  });

  it('passes nothing on that a terminal obeys', () => {
    const state = { apiEndpoint: HOSTILE, labels: { [HOSTILE]: HOSTILE } };
    const lines = membersTable([listed(HOSTILE, { address: HOSTILE, state })], { ...OPTIONS, wide: true });
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toMatch(FORBIDDEN);
  });

  it('has only its head when there are none', () => {
    expect(membersTable([], OPTIONS)).toHaveLength(1);
  });
});

describe('an age', () => {
  it.each([
    [-5_000, 'now'],
    [999, 'now'],
    [1_000, '1s ago'],
    [119_999, '119s ago'],
    [120_000, '2m ago'],
    [7_199_000, '119m ago'],
    [7_200_000, '2h ago'],
    [172_800_000, '2d ago'],
  ])('of %d ms is %s', (span, text) => {
    expect(age(span)).toBe(text);
  });
});
