import { expect, it } from 'vitest';
import { nodeId, type Version } from '../../../src/base/brands.ts';
import { gossipService } from '../../../src/node/service.ts';
import { MemberRecord } from '../../../src/store/record.ts';
import { encodeMetadata } from '../../../src/wire/metadata.ts';

function recordOf(id: string): MemberRecord {
  const claim = { version: 1 as Version, state: 'HEALTHY', left: false, address: '10.0.0.1:7946' } as const;
  return new MemberRecord(nodeId(id), claim, encodeMetadata({ apiEndpoint: '', apiPort: 443, labels: {} }));
}

function setUp() {
  const counted: unknown[] = [];
  const service = gossipService({
    bytes: (direction, bytes) => counted.push([direction, 'bytes', bytes]),
    delta: (direction, records) => counted.push([direction, 'records', records]),
  });
  return { counted, service };
}

it('counts the bytes of each message and the records of each delta, on both ways', () => {
  const { counted, service } = setUp();
  const delta = [recordOf('m'), recordOf('n')];
  const bytes = service.sendDiff.responseSerialize({ source: nodeId('a'), mesh: 'fleet', delta });
  expect(service.sendDiff.responseDeserialize(bytes)).toMatchObject({ ok: true });
  expect(counted).toEqual([
    ['sent', 'records', 2],
    ['sent', 'bytes', bytes.length],
    ['received', 'bytes', bytes.length],
    ['received', 'records', 2],
  ]);
});

it('does not count a delta without a record, nor one that can not be read', () => {
  const { counted, service } = setUp();
  const bytes = service.sendDiff.responseSerialize({ source: nodeId('a'), mesh: 'fleet', delta: [] });
  service.sendDiff.responseDeserialize(bytes);
  expect(service.sendDiff.responseDeserialize(Buffer.from([0xff]))).toMatchObject({ ok: false });
  expect(counted).toEqual([
    ['sent', 'bytes', bytes.length],
    ['received', 'bytes', bytes.length],
    ['received', 'bytes', 1],
  ]);
});
