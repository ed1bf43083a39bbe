import { describe, expect, it } from 'vitest';
import { millis, nodeId, unixMillis, type Version } from '../../../src/base/brands.ts';
import { InvariantError } from '../../../src/base/invariant.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../../../src/gossip/config.ts';
import { headerLine, type RecordingHeader, readHeader, readStep, stepLine } from '../../../src/wire/recording.ts';
import { toJson } from '../../../src/wire/recording-json.ts';
import { digestOf, recordOf } from '../../helpers/records.ts';

const now = { monotonic: millis(1_234.567_890_123), wall: unixMillis(1_790_000_000_000) };
const header: RecordingHeader = {
  musterVersion: '0.1.0',
  nodeVersion: 'v20.19.0',
  startedAt: '2026-09-21T00:00:00.000Z',
  seed: 42,
  config: { ...DEFAULT_GOSSIP_CONFIG, gossipInterval: millis(200) },
  identity: { id: nodeId('a'), address: '127.0.0.1:7946', metadata: Uint8Array.of(0, 255, 128) },
  bootstrap: [
    { target: 'dns://seeds:7946', origin: 'configured' },
    { target: 'b:1', origin: 'snapshot' },
  ],
  formerVersion: 7 as Version,
  now,
};

describe('the head of a recording', () => {
  it('comes back as it went', () => {
    expect(readHeader(headerLine(header))).toStrictEqual({ ok: true, value: header });
  });

  it('has no former version where there was none', () => {
    const { formerVersion: former, ...first } = header;
    expect(former).toBe(7);
    expect(readHeader(headerLine(first))).toStrictEqual({ ok: true, value: first });
  });

  it.each([
    ['no JSON', 'muster\n', 'is not JSON'],
    ['no object', '[]\n', 'is not the head of a recording'],
    [
      'another format',
      '{"format":"muster-recording/2"}\n',
      '"muster-recording/2", this Muster reads "muster-recording/1"',
    ],
    ['a line of a step', stepLine(1, now, { kind: 'wake' }, { effects: [] }), 'is not the head of a recording'],
    [
      'a number that is text',
      headerLine(header).replace('"gossipFactor":3', '"gossipFactor":"3"'),
      'config.gossipFactor: ',
    ],
    ['a field too many', headerLine(header).replace('"seed":', '"extra":1,"seed":'), 'extra'],
    ['a field too few', headerLine(header).replace('"seed":42,', ''), 'seed: '],
  ])('is refused for %s', (_, line, problem) => {
    expect(readHeader(line)).toMatchObject({ ok: false, error: expect.stringContaining(problem) });
  });
});

describe('a step of a recording', () => {
  const record = recordOf({ id: '__proto__', version: 3 });
  const message = { source: nodeId('b'), mesh: 'm', delta: [record], digest: digestOf([record]), pushOnly: false };
  const line = stepLine(5, now, { kind: 'diffReceived', call: 9, message }, { effects: [] });

  it('keeps maps as pairs, bytes as base64 and fractions of milliseconds', () => {
    expect(JSON.parse(line)).toStrictEqual({
      n: 5,
      now: { monotonic: 1_234.567_890_123, wall: 1_790_000_000_000 },
      input: {
        kind: 'diffReceived',
        call: 9,
        message: {
          source: 'b',
          mesh: 'm',
          delta: [
            {
              id: '__proto__',
              version: 3,
              state: 'HEALTHY',
              left: false,
              forgotten: false,
              address: '__proto__:1',
              metadata: Buffer.from('__proto__').toString('base64'),
            },
          ],
          digest: [['__proto__', { version: 3, state: 'HEALTHY', left: false, address: '__proto__:1', lastSeen: 0 }]],
          pushOnly: false,
        },
      },
      effects: [],
    });
  });

  it('comes back as it went, as objects of the same classes', () => {
    const read = readStep(line);
    expect(read).toStrictEqual({
      ok: true,
      value: { n: 5, now, input: { kind: 'diffReceived', call: 9, message }, outcome: { effects: [] } },
    });
  });

  it('can say that the core threw', () => {
    expect(readStep(stepLine(1, now, { kind: 'leave' }, { threw: 'version -1 is out of range' }))).toStrictEqual({
      ok: true,
      value: { n: 1, now, input: { kind: 'leave' }, outcome: { threw: 'version -1 is out of range' } },
    });
  });

  it.each([
    ['no JSON', line.slice(0, -2), 'is not JSON'],
    ['an input that nobody knows', line.replace('diffReceived', 'diffRecieved'), 'input.kind: '],
    ['an unsafe version', line.replaceAll('"version":3', '"version":9007199254740993'), 'must be a version'],
    ['an unknown state', line.replaceAll('HEALTHY', 'GHOST'), 'input.message.delta.0.state: '],
    ['a number beyond all', line.replace('"call":9', '"call":1e999'), 'input.call: '],
    ['metadata that are no base64', line.replace('"metadata":"', '"metadata":"?'), 'input.message.delta.0.metadata: '],
    ['a field that nobody knows', line.replace('"pushOnly":', '"push":1,"pushOnly":'), 'push'],
    ['an effect without a kind', line.replace('"effects":[]', '"effects":[{}]'), 'effects: '],
    ['neither effects nor an error', line.replace(',"effects":[]', ''), '"effects" or "threw"'],
    ['both', line.replace('"effects":[]', '"effects":[],"threw":"x"'), '"effects" or "threw"'],
  ])('is refused for %s', (_, text, problem) => {
    expect(readStep(text)).toMatchObject({ ok: false, error: expect.stringContaining(problem) });
  });
});

describe('what JSON can not say', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, [undefined]])('%s is refused', (value) => {
    expect(() => toJson(value)).toThrow(InvariantError);
  });

  it('an undefined field is absent', () => {
    expect(toJson({ kind: 'x', took: undefined })).toStrictEqual({ kind: 'x' });
  });
});
