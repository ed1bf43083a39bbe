import { type NodeId, nodeId, unixMillis, type Version } from '../../src/base/brands.ts';
import { type Digest, DigestEntry, MemberRecord } from '../../src/store/record.ts';
import { encodeMetadata } from '../../src/wire/metadata.ts';

/** Some day of 2026, as versions begin at the time of the start. */
const BORN = Date.UTC(2026, 10, 21);

/** Healthy members as real ones are: each with an address, an endpoint and four labels. They are the same ones every time. */
export function members(count: number): readonly MemberRecord[] {
  return Array.from({ length: count }, (_, number) => {
    const id = nodeId(`cluster-${String(number).padStart(4, '0')}`);
    const claim = {
      version: (BORN + number) as Version,
      state: 'HEALTHY',
      left: false,
      address: addressOf(number),
    } as const;
    const labels = { env: 'prod', region: `region-${number % 20}`, provider: 'aws', tier: 'core' };
    const metadata = encodeMetadata({ apiEndpoint: `https://api.${id}.example.com:6443`, apiPort: 443, labels });
    return new MemberRecord(id, claim, metadata);
  });
}

/** The digest of these. */
export function digestOf(records: readonly MemberRecord[]): Digest {
  return new Map<NodeId, DigestEntry>(records.map((record) => [record.id, new DigestEntry(record, unixMillis(BORN))]));
}

/** The same member with news of its own. */
export function renewed(record: MemberRecord, by: number): MemberRecord {
  const { state, left, address } = record;
  return new MemberRecord(
    record.id,
    { version: (record.version + by) as Version, state, left, address },
    record.metadata,
  );
}

function addressOf(number: number): string {
  return `10.${number >> 8}.${number & 255}.7:7946`;
}
