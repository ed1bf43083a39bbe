import { describe, expect, it } from 'vitest';
import { Trace } from '../../../../sim/engine/trace.ts';

/** FNV-1a with 64 bits over UTF-16 units, each event followed by a zero, as arithmetic on whole numbers says it. */
function fnv(events: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  const mix = (unit: number): void => {
    hash = ((hash ^ BigInt(unit)) * 0x100000001b3n) & 0xffffffffffffffffn;
  };
  for (const event of events) {
    for (let index = 0; index < event.length; index += 1) mix(event.charCodeAt(index));
    mix(0);
  }
  return hash.toString(16).padStart(16, '0');
}

describe('the trace', () => {
  it.each([
    [[]],
    [['']],
    [['a']],
    [['1000.5 n0 wake', '1001 n1 heartbeatReceived']],
    [['ÿ', '\uffff', '\u{1f600}']],
    [Array.from({ length: 500 }, (_, index) => `${index / 7} n${index % 30} wake`)],
  ])('is FNV-1a with 64 bits: %j', (events) => {
    const trace = new Trace();
    for (const event of events) trace.add(event);
    expect(trace.hash).toBe(fnv(events));
    expect(trace.events).toBe(events.length);
  });

  it('tells where one event ends and the next begins', () => {
    const one = new Trace();
    one.add('ab');
    one.add('c');
    const other = new Trace();
    other.add('a');
    other.add('bc');
    expect(one.hash).not.toBe(other.hash);
  });
});
