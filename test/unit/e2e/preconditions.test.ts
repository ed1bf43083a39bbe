import { describe, expect, test } from 'vitest';
import { whatIsMissing } from '../../e2e/lab/preconditions.ts';

const TRIAL = 'trial';

describe('the preconditions of the end-to-end suite', () => {
  test('hold for root on a machine where everything works, and the trial leaves nothing behind', () => {
    const ran: string[] = [];
    expect(whatIsMissing(0, TRIAL, (command) => take(ran, command))).toBeUndefined();
    expect(ran).toStrictEqual(['ip netns add trial', 'ip netns exec trial nft -f -', 'ip netns delete trial']);
  });

  test.for([1000, undefined])('do not hold for another user than root: %s', (uid) => {
    const ran: string[] = [];
    expect(whatIsMissing(uid, TRIAL, (command) => take(ran, command))).toContain('as root');
    expect(ran).toStrictEqual([]);
  });

  test.for([
    { broken: 'ip netns add', says: /`ip netns add` must work here \(package iproute2.*no such file/, left: [] },
    {
      broken: 'nft',
      says: /`nft` must work in a namespace \(package nftables.*no such file/,
      left: ['ip netns delete trial'],
    },
  ])('do not hold where $broken fails', ({ broken, says, left }) => {
    const ran: string[] = [];
    const run = (command: readonly string[]): string => {
      if (command.join(' ').includes(broken)) throw new Error('no such file');
      return take(ran, command);
    };
    expect(whatIsMissing(0, TRIAL, run)).toMatch(says);
    expect(ran.slice(1)).toStrictEqual(left);
  });
});

function take(ran: string[], command: readonly string[]): string {
  ran.push(command.join(' '));
  return '';
}
