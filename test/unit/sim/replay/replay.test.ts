import { beforeAll, describe, expect, it } from 'vitest';
import { describeOutcome } from '../../../../sim/replay/describe.ts';
import { type ReplayOutcome, replay } from '../../../../sim/replay/replay.ts';
import type { Json } from '../../../../src/wire/recording-json.ts';
import { recordedRun } from '../../../helpers/recorded-run.ts';

type Line = { n: number; input: { kind: string }; effects: { [field: string]: Json }[] };

/** With it the run meets all that a run can meet. */
const SEED = 9;

let lines: readonly string[] = [];

beforeAll(() => {
  lines = recordedRun(SEED);
});

/** The recording with one line changed, and where that was: the first line, counted from 1, that the change finds fit. */
function tampered(change: (line: Line) => boolean): { readonly at: number; readonly lines: readonly string[] } {
  for (const [index, text] of lines.entries()) {
    if (index === 0) continue;
    const line = JSON.parse(text) as Line;
    if (change(line)) return { at: index + 1, lines: lines.with(index, `${JSON.stringify(line)}\n`) };
  }
  throw new Error('no line is fit for that');
}

function expectDifference(outcome: ReplayOutcome): ReplayOutcome & { kind: 'different' } {
  if (outcome.kind !== 'different') throw new Error(`expected a difference: ${describeOutcome(outcome)}`);
  return outcome;
}

describe('a replay', () => {
  it('of a run does the same again', () => {
    const outcome = replay(lines);
    expect(outcome).toMatchObject({ kind: 'same', inputs: lines.length - 1, cutOff: false });
    expect(describeOutcome(outcome)).toMatch(/^replayed [\d,]+ inputs over 4\d\.\d s: all effects the same\n$/);
  });

  it('meets every kind of input in that run, and all kinds of effects but refusals and the end of a leave', () => {
    const steps = lines.slice(1).map((text) => JSON.parse(text) as Line);
    expect(new Set(steps.map(({ input }) => input.kind))).toEqual(
      new Set([
        'start',
        'wake',
        'resolved',
        'metadataChanged',
        'leave',
        'exchangeFailed',
        'probeReceived',
        'probeAnswered',
        'heartbeatReceived',
        'diffReceived',
        'heartbeatAnswered',
        'diffAnswered',
      ]),
    );
    expect(new Set(steps.flatMap(({ effects }) => effects.map(({ kind }) => kind)))).toEqual(
      new Set([
        'resolve',
        'sendHeartbeat',
        'sendDiff',
        'sendProbe',
        'answerHeartbeat',
        'answerDiff',
        'answerProbe',
        'event',
      ]),
    );
  });

  it('names the field of the effect that is not the same', () => {
    const forged = tampered(({ input, effects }) => {
      const answer = effects.findIndex(({ kind }) => kind === 'answerHeartbeat');
      const message = effects[answer]?.['message'] as { digest: [string, { version: number }][] } | undefined;
      const entry = message?.digest[1]?.[1];
      if (input.kind !== 'heartbeatReceived' || entry === undefined) return false;
      entry.version += 1;
      return true;
    });
    const outcome = expectDifference(replay(forged.lines));
    expect(outcome).toMatchObject({ line: forged.at, input: 'heartbeatReceived' });
    const { difference } = outcome;
    expect(difference).toMatchObject({
      kind: 'effect',
      recorded: { kind: 'answerHeartbeat' },
      difference: { path: ['message', 'digest', 1, 1, 'version'] },
    });
    if (difference.kind !== 'effect') throw new Error('an effect was tampered with');
    const { expected, actual } = difference.difference;
    expect(Number(expected) - Number(actual)).toBe(1);
    const said = describeOutcome(outcome);
    expect(said).toContain(`line ${forged.at}: input ${forged.at - 1} (heartbeatReceived), `);
    expect(said).toContain(`(answerHeartbeat) is not the same\n  at       message.digest[1][1].version\n`);
    expect(said).toContain(`recorded ${JSON.stringify(expected)}\n  replayed ${JSON.stringify(actual)}\n`);
    expect(said).toContain(`seed ${SEED}`);
  });

  it('names an effect that does not come again', () => {
    const forged = tampered(({ effects }) => effects.push({ kind: 'resolve', target: 'x' }) > 1);
    const outcome = expectDifference(replay(forged.lines));
    expect(outcome).toMatchObject({ line: forged.at, difference: { kind: 'effect', recorded: { target: 'x' } } });
    expect(outcome.difference).not.toHaveProperty('replayed');
    expect(describeOutcome(outcome)).toContain('(resolve) was recorded and does not come again');
  });

  it('names an effect that was not recorded', () => {
    const forged = tampered(({ effects }) => effects.pop()?.['kind'] === 'event');
    const outcome = expectDifference(replay(forged.lines));
    expect(outcome).toMatchObject({ line: forged.at, difference: { kind: 'effect', replayed: { kind: 'event' } } });
    expect(outcome.difference).not.toHaveProperty('recorded');
    expect(describeOutcome(outcome)).toMatch(/\(event \w+\) comes now and was not recorded/);
  });

  it('does not mind the order of fields', () => {
    const turned = tampered(({ effects }) => {
      const [first] = effects;
      if (first === undefined) return false;
      effects[0] = Object.fromEntries(Object.entries(first).toReversed());
      return true;
    });
    expect(turned.lines).not.toEqual(lines);
    expect(replay(turned.lines).kind).toBe('same');
  });

  it('depends on the seed, on every input and on its time', () => {
    const head = (lines[0] ?? '').replace(`"seed":${SEED}`, `"seed":${SEED + 1}`);
    expect(replay(lines.with(0, head)).kind).toBe('different');
    const late = tampered((line) => {
      if (line.n !== 50) return false;
      (line as unknown as { now: { monotonic: number } }).now.monotonic += 2_500;
      return true;
    });
    expect(replay(late.lines).kind).toBe('different');
  });

  it('takes an error of the core for what it is', () => {
    const wrong = tampered((line) => {
      if (line.input.kind !== 'leave') return false;
      Reflect.deleteProperty(line, 'effects');
      Object.assign(line, { threw: 'impossible' });
      return true;
    });
    const outcome = expectDifference(replay(wrong.lines));
    expect(outcome).toMatchObject({ line: wrong.at, difference: { kind: 'threw', recorded: 'impossible' } });
    expect(describeOutcome(outcome)).toContain('recorded impossible\n  replayed no error\n');
  });

  it('meets the error again that ended a node', () => {
    const impossible = { n: 1, now: { monotonic: 0, wall: 1e300 }, input: { kind: 'leave' }, threw: '' };
    const threw = `version 1e+300 is out of range`;
    const recording = [lines[0] ?? '', `${JSON.stringify({ ...impossible, threw })}\n`];
    const outcome = replay(recording);
    expect(outcome).toMatchObject({ kind: 'same', inputs: 1, threw });
    expect(describeOutcome(outcome)).toContain(`at the last input the core threw, as it was recorded: ${threw}`);
    expect(replay([...recording, lines[2] ?? ''])).toMatchObject({ kind: 'damaged', line: 3 });
  });
});

describe('a recording that is not whole', () => {
  it('is replayed to its last whole line, wherever it was cut', () => {
    const kept = 20;
    const last = lines[kept + 1] ?? '';
    for (let length = 1; length < last.length - 1; length += 7) {
      const outcome = replay([...lines.slice(0, kept + 1), last.slice(0, length)]);
      expect(outcome).toMatchObject({ kind: 'same', inputs: kept, cutOff: true });
      expect(describeOutcome(outcome)).toContain('all effects the same\n  the recording is cut off in its last line');
    }
    const whole = replay([...lines.slice(0, kept + 1), last.trimEnd()]);
    expect(whole).toMatchObject({ kind: 'same', inputs: kept + 1, cutOff: false });
  });

  it.each([
    ['is empty', () => [], 1, 'empty'],
    ['has half a head', () => [(lines[0] ?? '').slice(0, 40)], 1, 'not JSON'],
    ['has a line that is no JSON', () => lines.with(6, 'x\n'), 7, 'not JSON'],
    ['has an empty line', () => lines.with(6, '\n'), 7, 'not JSON'],
    ['lacks a line', () => lines.toSpliced(6, 1), 7, 'input 6 is missing'],
    ['has a line twice', () => lines.toSpliced(6, 0, lines[6] ?? ''), 8, 'input 7 is missing'],
    ['makes no core', () => [(lines[0] ?? '').replace(/"wall":\d+/, '"wall":1e300')], 1, 'version'],
  ])('%s: damaged, and the line is named', (_, recording, line, problem) => {
    const outcome = replay(recording());
    expect(outcome).toMatchObject({ kind: 'damaged', line, problem: expect.stringContaining(problem) });
    expect(describeOutcome(outcome)).toMatch(new RegExp(`^line ${line} `));
  });
});
