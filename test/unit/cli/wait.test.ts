import { describe, expect, it } from 'vitest';
import { parseCondition, type Seen } from '../../../src/cli/wait-condition.ts';
import { parseWaitFlags } from '../../../src/cli/wait-flags.ts';
import type { PeerState } from '../../../src/http/member-query.ts';
import { FORBIDDEN, HOSTILE, listed } from './fixture.ts';

const MEMBERS = [listed('a'), listed('b'), listed('c', { peerState: 'DEAD' })];

function condition(text: string, states: readonly PeerState[] = []) {
  const parsed = parseCondition(text, states);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const isMet = (text: string, states: readonly PeerState[], seen: Seen) => condition(text, states).isMet(seen);

describe('a condition to wait for', () => {
  it.each<[string, readonly PeerState[], boolean]>([
    ['members=3', [], true],
    ['members=2', [], false],
    ['members>=2', [], true],
    ['members>=4', [], false],
    ['members<=3', [], true],
    ['members<=2', [], false],
    ['members=2', ['HEALTHY'], true],
    ['members=1', ['DEAD', 'SUSPECTED_DEAD'], true],
    ['healthy=2', ['DEAD'], true],
    ['healthy=3', [], false],
    ['member=c', [], true],
    ['member=c', ['HEALTHY'], false],
    ['member=c', ['DEAD'], true],
    ['member=d', [], false],
    ['members=0', [], false],
  ])('%s in states %j is met by two healthy members and a dead one: %s', (text, states, met) => {
    expect(isMet(text, states, { members: MEMBERS })).toBe(met);
  });

  it('counts nobody as nobody', () => {
    expect(isMet('members=0', [], { members: [] })).toBe(true);
  });

  it('may be that the node is ready', () => {
    expect(isMet('ready', [], { readiness: { status: 'ready' } })).toBe(true);
    expect(isMet('ready', [], { readiness: { status: 'not_ready', reason: 'leaving' } })).toBe(false);
    expect(condition('ready').describe({ readiness: { status: 'not_ready', reason: 'leaving' } })).toBe(
      'not ready, leaving',
    );
  });

  it('says who is there instead, though not of a crowd', () => {
    expect(condition('members=1').describe({ members: MEMBERS })).toBe('3 members: a HEALTHY, b HEALTHY, c DEAD');
    expect(condition('members=1').describe({ members: [] })).toBe('0 members');
    const crowd = Array.from({ length: 500 }, (_, at) => listed(`n${at}`));
    expect(condition('members=1').describe({ members: crowd })).toMatch(/^500 members: n0 .*n9 HEALTHY, 490 more$/);
  });

  it.each(['', 'members', 'members=', 'members=x', 'members>2', 'healthy==2', 'member=', 'Ready'])(
    'is not %j',
    (text) => {
      expect(parseCondition(text, [])).toMatchObject({ ok: false });
    },
  );

  it('lets nothing through that a terminal obeys or hides', () => {
    const one = condition(`member=${HOSTILE}`);
    expect(one.text).not.toMatch(FORBIDDEN);
    expect(one.isMet({ members: [listed(HOSTILE)] })).toBe(true);
    expect(one.describe({ members: [listed(HOSTILE)] })).not.toMatch(FORBIDDEN);
    expect(condition('ready').describe({ readiness: { status: 'not_ready', reason: HOSTILE } })).not.toMatch(FORBIDDEN);
    const refused = parseCondition(HOSTILE, []);
    expect(refused.ok ? '' : refused.error).not.toMatch(FORBIDDEN);
  });
});

describe('the flags of muster wait', () => {
  it('have a time of half a minute', () => {
    expect(parseWaitFlags({ for: ['ready'] }, {})).toMatchObject({ ok: true, value: { timeout: 30_000 } });
  });

  it('are refused with one line for every mistake', () => {
    const parsed = parseWaitFlags({ for: ['soon'], state: ['FINE'], timeout: '5', http: 'x' }, {});
    expect(!parsed.ok && parsed.error.map((line) => line.split(':')[0])).toEqual([
      '--state',
      '--for',
      '--timeout',
      '--http',
    ]);
    expect(parseWaitFlags({ timeout: '25h' }, {})).toEqual({
      ok: false,
      error: ['--for: is needed, such as --for members=5', '--timeout: must be at most 24h, got "25h"'],
    });
  });
});
