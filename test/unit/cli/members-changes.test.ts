import { describe, expect, it } from 'vitest';
import { memberChanges, timeOfDay } from '../../../src/cli/members-changes.ts';
import { FORBIDDEN, HOSTILE, listed, NOON } from './fixture.ts';

describe('changes of a memberlist', () => {
  it('tells of every member at the beginning', () => {
    const after = [listed('a'), listed('b', { peerState: 'DEAD', left: true })];
    expect(memberChanges([], after)).toEqual(['a listed HEALTHY', 'b listed LEFT']);
  });

  it('tells of a state that changed', () => {
    const lines = memberChanges([listed('prod-eu')], [listed('prod-eu', { peerState: 'SUSPECTED_DEAD' })]);
    expect(lines).toEqual(['prod-eu HEALTHY -> SUSPECTED_DEAD']);
  });

  it('tells of one that left though its state was DEAD already', () => {
    const lines = memberChanges([listed('a', { peerState: 'DEAD' })], [listed('a', { peerState: 'DEAD', left: true })]);
    expect(lines).toEqual(['a DEAD -> LEFT']);
  });

  it('tells of one that is gone', () => {
    expect(memberChanges([listed('a'), listed('b', { peerState: 'DEAD' })], [listed('a')])).toEqual([
      'b no longer listed, was DEAD',
    ]);
  });

  it('tells of metadata and address that changed', () => {
    const after = listed('a', {
      address: '10.0.0.9:7946',
      state: { apiEndpoint: '', apiPort: 8_443, labels: { env: 'dev' } },
    });
    expect(memberChanges([listed('a')], [after])).toEqual([
      'a API endpoint https://api.a.example.com:6443 -> none',
      'a auth port 443 -> 8443',
      'a labels env=prod -> env=dev',
      'a address 10.0.3.7:7946 -> 10.0.0.9:7946',
    ]);
  });

  it('is silent when only the version and the time last seen have changed', () => {
    const after = listed('a', { version: 8, lastSeen: new Date(NOON).toISOString() });
    expect(memberChanges([listed('a')], [after])).toEqual([]);
  });

  it('passes nothing on that a terminal obeys', () => {
    const lines = memberChanges([], [listed(HOSTILE)]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(FORBIDDEN);
  });
});

it('writes the time of day with two digits each', () => {
  expect(timeOfDay(new Date(2026, 10, 21, 9, 5, 7))).toBe('09:05:07');
});
