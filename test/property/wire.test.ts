import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unixMillis } from '../../src/base/brands.ts';
import { recordBytes } from '../../src/store/delta.ts';
import { MemberRecord } from '../../src/store/record.ts';
import {
  decodeDeltaResponse,
  decodeDiffRequest,
  decodeDiffResponse,
  decodeHeartbeatRequest,
  decodeStepRequest,
  decodeStepResponse,
} from '../../src/wire/decode.ts';
import {
  encodeDeltaResponse,
  encodeDiffRequest,
  encodeDiffResponse,
  encodeHeartbeatRequest,
  encodeStep,
} from '../../src/wire/encode.ts';
import { decodeMetadata, encodeMetadata } from '../../src/wire/metadata.ts';
import { PlainMetadata } from '../../src/wire/plain-metadata.ts';
import { Span } from '../../src/wire/span.ts';
import { deltaAnswers, diffs, heartbeats, metadatas, nodeIds, records, times } from '../helpers/arbitraries.ts';

const DECODERS = [decodeHeartbeatRequest, decodeDiffResponse, decodeDiffRequest, decodeDeltaResponse];
const whole = <Message>(message: Message) => ({ ok: true, value: { message, refusals: [] } });

const ownMessages = fc.oneof(
  heartbeats.map(encodeHeartbeatRequest),
  diffs.map(encodeDiffRequest),
  deltaAnswers.map(encodeDeltaResponse),
);
const damaged = damagedOf(ownMessages);

/** Bytes with a few of them changed, left out or doubled. */
function damagedOf(whole: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'insert')), {
    minLength: 1,
    maxLength: 6,
  });
  return fc.tuple(whole, changes).map(([bytes, changes]) => {
    const damaged = [...bytes];
    for (const [place, byte, how] of changes) {
      const at = place % (damaged.length + 1);
      if (how === 'set') damaged[at] = byte;
      else damaged.splice(at, how === 'cut' ? 1 : 0, ...(how === 'insert' ? [byte] : []));
    }
    return Uint8Array.from(damaged);
  });
}

function decodesOrRefuses(bytes: Uint8Array): void {
  for (const decode of DECODERS) {
    const result = decode(bytes);
    expect(result.ok ? result.value.message.source : result.error.detail).toMatch(/^\P{Cc}+$/u);
  }
}

describe('every message comes back as it went', () => {
  test('heartbeat', () => {
    fc.assert(
      fc.property(heartbeats, (message) => {
        expect(decodeHeartbeatRequest(encodeHeartbeatRequest(message))).toEqual(whole(message));
      }),
    );
  });

  test('diff, in both directions', () => {
    fc.assert(
      fc.property(diffs, (message) => {
        expect(decodeDiffResponse(encodeDiffResponse(message))).toEqual(whole(message));
        expect(decodeDiffRequest(encodeDiffRequest(message))).toEqual(whole(message));
      }),
    );
  });

  test('delta', () => {
    fc.assert(
      fc.property(deltaAnswers, (message) => {
        expect(decodeDeltaResponse(encodeDeltaResponse(message))).toEqual(whole(message));
      }),
    );
  });

  test('the time within it, to the millisecond', () => {
    fc.assert(
      fc.property(nodeIds, times, (source, sentAt) => {
        const bytes = encodeHeartbeatRequest({ source, mesh: '', sentAt: unixMillis(sentAt), digest: new Map() });
        expect(decodeHeartbeatRequest(bytes)).toMatchObject({ value: { message: { sentAt } } });
      }),
      { numRuns: 500 },
    );
  });
});

describe('no bytes make a decoder throw', () => {
  test('random ones', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), decodesOrRefuses), { numRuns: 1_000 });
  });

  test('damaged messages', () => {
    fc.assert(fc.property(damaged, decodesOrRefuses), { numRuns: 1_000 });
  });

  test('of a step', () => {
    const steps = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      damaged.map((bytes) => encodeStep({ number: 1, step: 'diff', message: Buffer.from(bytes) })),
      damaged.map((bytes) => Buffer.concat([Buffer.from([34, bytes.length & 127]), bytes])),
      damaged.map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(steps, (bytes) => {
        const request = decodeStepRequest(bytes);
        decodesOrRefuses(request.ok ? request.value.message : bytes);
        expect(request.ok ? request.value.step : request.error.detail).toMatch(/^\P{Cc}+$/u);
        const response = decodeStepResponse(bytes);
        const refusal = response.ok && response.value.step === 'refused' ? response.value : undefined;
        expect(refusal?.detail ?? '').toMatch(/^\P{Cc}*$/u);
      }),
      { numRuns: 1_000 },
    );
  });

  test('random metadata', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeMetadata(bytes)).toHaveProperty('ok');
      }),
      { numRuns: 1_000 },
    );
  });
});

test('whatever a decoder lets through, the encoder carries unchanged', () => {
  fc.assert(
    fc.property(damaged, (bytes) => {
      const first = decodeDiffRequest(bytes);
      if (!first.ok) return;
      expect(decodeDiffRequest(encodeDiffRequest(first.value.message))).toEqual(whole(first.value.message));
    }),
    { numRuns: 500 },
  );
});

test('a record takes at most the bytes that a delta counts for it', () => {
  fc.assert(
    fc.property(records, fc.nat(8_000), (record, padding) => {
      const sized = new MemberRecord(record.id, record, new Uint8Array(record.metadata.length + padding));
      const envelope = { source: record.id, mesh: '' };
      const bytes = encodeDeltaResponse({ ...envelope, delta: [sized] }).length;
      const empty = encodeDeltaResponse({ ...envelope, delta: [] }).length;
      expect(bytes - empty).toBeLessThanOrEqual(recordBytes(sized));
    }),
  );
});

describe('metadata', () => {
  test('come back as they went', () => {
    fc.assert(
      fc.property(metadatas, (metadata) => {
        expect(decodeMetadata(encodeMetadata(metadata))).toEqual({ ok: true, value: metadata });
      }),
    );
  });

  test('that seem good at a glance decode', () => {
    fc.assert(
      fc.property(damagedOf(metadatas.map(encodeMetadata)), fc.nat(4), (bytes, before) => {
        const span = new Span();
        span.start = before;
        span.end = before + bytes.length;
        const plain = new PlainMetadata(Buffer.concat([Buffer.alloc(before), bytes, Buffer.from('after')]));
        expect(!plain.isAt(span) || decodeMetadata(bytes).ok).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test('equal metadata are equal bytes, whatever the order of their labels', () => {
    fc.assert(
      fc.property(metadatas, (metadata) => {
        const labels = Object.fromEntries(Object.entries(metadata.labels).toReversed());
        expect(encodeMetadata({ ...metadata, labels })).toEqual(encodeMetadata(metadata));
      }),
    );
  });
});
