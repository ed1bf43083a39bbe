import { describe, expect, it } from 'vitest';
import { dateTime } from '../../../src/cli/event-text.ts';
import { infoLines } from '../../../src/cli/info-text.ts';
import { FORBIDDEN, HOSTILE, info, NOON } from './fixture.ts';

const PLAIN = { asOf: NOON, color: false };

/** What is said of a node that is not ready for this reason. */
function ready(reason?: string): string | undefined {
  const readiness = { status: 'not_ready' as const, ...(reason === undefined ? {} : { reason }) };
  return infoLines(info({ readiness }), PLAIN)[2];
}

describe('what a node says of itself, as text', () => {
  it('is a line for each fact', () => {
    expect(infoLines(info(), PLAIN)).toEqual([
      'node           prod-eu',
      'mesh           fleet',
      'ready          yes',
      'members        3: 3 healthy',
      'gossip         10.0.3.7:7946',
      'http           127.0.0.1:8080',
      'API endpoint   https://api.prod-eu.example.com:6443',
      'auth port      443',
      'labels         env=prod',
      'version        42 (of its record)',
      `started        ${dateTime(new Date(NOON - 300_000))}, 5m ago`,
      'software       muster 1.2.3, node v20.20.2',
    ]);
  });

  it('tells what is not well, after the readiness', () => {
    const lines = infoLines(
      info({
        readiness: {
          status: 'not_ready',
          reason: 'first_round_pending',
          isolated: true,
          waitingFor: ['a:1', 'b:2'],
          duplicateAddresses: ['c:3'],
        },
        members: { total: 5, healthy: 2, suspected: 1, dead: 1, left: 1, indirect: 1 },
      }),
      PLAIN,
    );
    expect(lines.slice(2, 7)).toEqual([
      'ready          no: it has not tried a first round yet',
      'isolated       it hears from nobody; what it shows is its last knowledge',
      'waiting for    a:1, b:2',
      'same id at     c:3',
      'members        5: 2 healthy, 1 suspected, 1 dead, 1 left; 1 of them reached by others only',
    ]);
  });

  it('gives reasons of tomorrow as they are, and none where there is none', () => {
    expect(ready('toString')).toBe('ready          no: toString');
    expect(ready()).toBe('ready          no');
  });

  it('lets nothing through that a terminal obeys or hides', () => {
    const hostile = info({
      id: HOSTILE,
      mesh: HOSTILE,
      gossipAddress: HOSTILE,
      httpAddress: HOSTILE,
      state: { apiEndpoint: HOSTILE, apiPort: 1, labels: { [HOSTILE]: HOSTILE } },
      readiness: { status: 'not_ready', reason: HOSTILE, waitingFor: [HOSTILE], duplicateAddresses: [HOSTILE] },
      software: { muster: HOSTILE, node: HOSTILE },
    });
    for (const line of infoLines(hostile, PLAIN)) expect(line).not.toMatch(FORBIDDEN);
  });
});
