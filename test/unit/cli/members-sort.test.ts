import { describe, expect, it } from 'vitest';
import { parseOrder, sortedMembers } from '../../../src/cli/members-sort.ts';
import { listed, NOON } from './fixture.ts';

const ago = (seconds: number) => ({ lastSeen: new Date(NOON - seconds * 1_000).toISOString() });
const MEMBERS = [
  listed('a', { address: '10.0.0.10:7946', version: 3, ...ago(5), state: { apiEndpoint: 'https://z', labels: {} } }),
  listed('b', { address: '10.0.0.9:7946', version: 9, ...ago(60), peerState: 'DEAD', state: { apiEndpoint: '' } }),
  listed('c', { address: '10.0.0.11:7946', version: 1, ...ago(9), peerState: 'DEAD', left: true }),
  listed('d', { version: 3, ...ago(30), peerState: 'SUSPECTED_DEAD', state: { labels: { env: 'dev' } } }),
];

function sorted(by: string): string {
  const order = parseOrder(by);
  if (!order.ok) throw new Error(order.error);
  const list = sortedMembers({ members: MEMBERS, raw: MEMBERS.map(({ id }) => ({ id })), asOf: NOON }, order.value);
  expect(list.raw).toEqual(list.members.map(({ id }) => ({ id })));
  return list.members.map(({ id }) => id).join('');
}

describe('the order of members', () => {
  it.each([
    ['name', 'abcd'],
    ['-id', 'dcba'],
    ['state', 'bdca'],
    ['last-seen', 'bdca'],
    ['-last-seen', 'acdb'],
    ['endpoint', 'bcda'],
    ['address', 'bacd'],
    ['version', 'cadb'],
    ['-version', 'badc'],
    ['label:env', 'dbca'],
    ['label:none', 'abcd'],
  ])('by %s is %s: numbers count as such, and the name decides at last', (by, expected) => {
    expect(sorted(by)).toBe(expected);
  });

  it.each([
    ['age', 'must be one of name, id, state, last-seen, endpoint, address, version or label:KEY, got "age"'],
    ['constructor', 'must be one of '],
    ['label:', 'the label key must be 1 to 63 letters'],
    ['label:a b\u001B[31m', 'got "a b[31m"'],
  ])('is not %j', (by, message) => {
    const order = parseOrder(by);
    expect(order.ok ? '' : order.error).toContain(message);
  });
});
