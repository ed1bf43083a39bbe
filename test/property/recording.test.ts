import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/gossip/effect.ts';
import type { Input } from '../../src/gossip/input.ts';
import { readStep, stepLine } from '../../src/wire/recording.ts';
import { toJson } from '../../src/wire/recording-json.ts';
import { diffs, inputs, instants } from '../helpers/arbitraries.ts';

const numbers = fc.integer({ min: 1, max: 1e9 });

describe('a recorded step', () => {
  test('comes back as it went, to the last bit and in the same order', () => {
    fc.assert(
      fc.property(numbers, instants, inputs, (n, now, input) => {
        const read = readStep(stepLine(n, now, input, { effects: [] }));
        expect(read).toEqual({ ok: true, value: { n, now, input, outcome: { effects: [] } } });
        if (!('message' in input) || !('digest' in input.message) || !read.ok) return;
        const again = read.value.input;
        expect('message' in again && 'digest' in again.message && [...again.message.digest.keys()]).toStrictEqual([
          ...input.message.digest.keys(),
        ]);
      }),
      { numRuns: 500 },
    );
  });

  test('is one line', () => {
    fc.assert(
      fc.property(numbers, instants, inputs, (n, now, input) => {
        expect(stepLine(n, now, input, { effects: [] }).indexOf('\n')).toBe(
          stepLine(n, now, input, { effects: [] }).length - 1,
        );
      }),
    );
  });

  test('holds its effects as JSON, with the same exactness', () => {
    fc.assert(
      fc.property(diffs, instants, (message, now) => {
        const effect: Effect = { kind: 'answerHeartbeat', call: 1, message };
        const asInput: Input = { kind: 'heartbeatAnswered', exchange: 1, message };
        const read = readStep(stepLine(1, now, asInput, { effects: [effect] }));
        expect(read).toEqual({
          ok: true,
          value: { n: 1, now, input: asInput, outcome: { effects: [toJson(effect)] } },
        });
      }),
    );
  });

  test('is read or refused, whatever becomes of its characters', () => {
    fc.assert(
      fc.property(instants, inputs, fc.nat(), fc.string({ minLength: 1, maxLength: 3 }), (now, input, place, text) => {
        const line = stepLine(1, now, input, { effects: [] });
        const at = place % line.length;
        const read = readStep(line.slice(0, at) + text + line.slice(at + text.length));
        expect(read.ok ? stepLine(1, read.value.now, read.value.input, { effects: [] }) : read.error).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});
