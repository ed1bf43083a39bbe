import { describe, expect, it } from 'vitest';
import { EPOCH, NodeClock } from '../../../../sim/engine/node-clock.ts';

const HOUR = 3_600_000;

describe('the clocks of a host', () => {
  it('run at the rate of the host', () => {
    const fast = new NodeClock(0.0001);
    expect(fast.read(0).monotonic).toBe(0);
    expect(fast.read(1_000_000).monotonic).toBeCloseTo(1_000_100, 6);
    expect(fast.read(1_000_000).wall).toBe(EPOCH + 1_000_100);
  });

  it('show a wall time that can be set, in whole milliseconds, and leave the other clock alone', () => {
    const clock = new NodeClock(0, -HOUR);
    expect(clock.read(1_500.7)).toEqual({ monotonic: 1_500.7, wall: EPOCH + 1_500 - HOUR });
    clock.ahead = HOUR;
    expect(clock.read(1_500.7)).toEqual({ monotonic: 1_500.7, wall: EPOCH + 1_500 + HOUR });
  });

  // It once rounded down, and a node woke again and again at a time that was a hair too early.
  it('never name a time at which the wake is still to come', () => {
    for (const drift of [0, 0.0001, -0.0001, 0.00003, -0.0002, 1 / 3_000]) {
      const clock = new NodeClock(drift);
      const late = Array.from({ length: 20_000 }, (_, step) => {
        const due = step * 43_199.123_456_789;
        return clock.read(clock.virtualAt(due)).monotonic - due;
      });
      expect(Math.min(...late), `drift ${drift}`).toBeGreaterThanOrEqual(0);
      expect(Math.max(...late), `drift ${drift}`).toBeLessThan(1e-5);
    }
  });
});
