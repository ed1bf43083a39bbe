import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { millis, nodeId } from '../../../src/base/brands.ts';
import type { GossipEvent } from '../../../src/gossip/event.ts';
import { createEventLog, GOSSIP_LOG_CODES } from '../../../src/observability/log-events.ts';
import { EVENTS } from './fixture.ts';

/** An event log whose lines and clock the test holds. */
function setUp() {
  const lines: Record<string, unknown>[] = [];
  const clock = { now: 1_000_000 };
  const logger = pino(
    { level: 'trace', base: null, formatters: { level: (level) => ({ level }) } },
    { write: (line) => lines.push(JSON.parse(line)) },
  );
  return { lines, clock, log: createEventLog(logger, () => millis(clock.now)) };
}

function only(event: GossipEvent): Record<string, unknown> {
  const { lines, log } = setUp();
  log(event);
  expect(lines).toHaveLength(1);
  return lines[0] ?? {};
}

describe('gossip events in the log', () => {
  it.each<[GossipEvent, object]>([
    [
      EVENTS.memberChanged,
      { level: 'info', member: 'prod-us', address: '10.0.0.2:7946', from: 'HEALTHY', to: 'SUSPECTED_DEAD', version: 7 },
    ],
    [EVENTS.handshakeFinished, { level: 'trace', side: 'client', tookMs: 20 }],
    [EVENTS.handshakeFailed, { level: 'debug', peer: 'prod-us', address: '10.0.0.2:7946', reason: 'timeout' }],
    [EVENTS.accused, { level: 'warn', member: 'prod-us', state: 'SUSPECTED_DEAD', failures: 5 }],
    [EVENTS.refuted, { level: 'info', version: 7, of: 'SUSPECTED_DEAD' }],
    [EVENTS.isolated, { level: 'warn', cycles: 5 }],
    [EVENTS.reconnected, { level: 'info', afterCycles: 9 }],
    [EVENTS.lateCycle, { level: 'warn', lateMs: 2_500 }],
    [EVENTS.duplicateId, { level: 'error', member: 'prod-eu', ownAddress: 'a:1', otherAddress: 'b:2' }],
    [EVENTS.messageRefused, { level: 'warn', source: 'prod-us', reason: 'wrong_mesh', detail: 'mesh "other"' }],
    [EVENTS.recordRefused, { level: 'warn', source: 'prod-us', reason: 'version_ahead', member: 'liar' }],
    [EVENTS.joined, { level: 'info', target: 'seed:7946', peer: 'prod-us' }],
    [EVENTS.joinFailed, { level: 'warn', target: 'seed:7946', attempts: 3 }],
    [EVENTS.forgotten, { level: 'info', member: 'prod-us' }],
    [EVENTS.leaving, { level: 'info' }],
  ])('$kind', (event, fields) => {
    expect(only(event)).toMatchObject({ code: GOSSIP_LOG_CODES[event.kind], msg: expect.any(String), ...fields });
  });

  it('have codes of their own', () => {
    const codes = Object.values(GOSSIP_LOG_CODES);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  it('tell in words whether a member came, left or went', () => {
    const { from: _from, ...appeared } = { ...EVENTS.memberChanged, to: 'HEALTHY' as const };
    const { to: _to, ...removed } = EVENTS.memberChanged;
    expect(only(appeared)['msg']).toBe('member appeared');
    expect(only(removed)['msg']).toBe('member removed');
    expect(only({ ...EVENTS.memberChanged, to: 'DEAD', left: true })['msg']).toBe('member left');
    expect(only(EVENTS.memberChanged)['msg']).toBe('member changed');
  });

  it('put foreign text into fields, cut short, and never into the message', () => {
    const hostile = `\n{"level":"fatal"}\u001b[2J${'x'.repeat(10_000)}`;
    const line = only({ ...EVENTS.messageRefused, source: nodeId(hostile), detail: hostile });
    expect(line['msg']).toBe('refused a message');
    expect(line['detail']).toBe(`${hostile.slice(0, 253)}…`);
    expect(line['source']).toBe(`${hostile.slice(0, 253)}…`);
  });
});

describe('what a peer can cause at will', () => {
  it.each([EVENTS.messageRefused, EVENTS.recordRefused, EVENTS.joinFailed])('is told once a minute: $kind', (event) => {
    const { lines, clock, log } = setUp();
    for (let count = 0; count < 4; count += 1) log(event);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toHaveProperty('suppressed');
    clock.now += 59_999;
    log(event);
    expect(lines).toHaveLength(1);
    clock.now += 1;
    log(event);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({ suppressed: 4 });
    clock.now += 60_000;
    log(event);
    expect(lines[2]).not.toHaveProperty('suppressed');
  });

  it('is told apart by peer and by reason', () => {
    const { lines, log } = setUp();
    log(EVENTS.recordRefused);
    log({ ...EVENTS.recordRefused, id: nodeId('another') });
    log({ ...EVENTS.recordRefused, source: nodeId('prod-ap') });
    log({ ...EVENTS.recordRefused, reason: 'too_many_members' });
    log(EVENTS.messageRefused);
    expect(lines.map(({ source, reason }) => [source, reason])).toEqual([
      ['prod-us', 'version_ahead'],
      ['prod-ap', 'version_ahead'],
      ['prod-us', 'too_many_members'],
      ['prod-us', 'wrong_mesh'],
    ]);
  });
});
