import type { Reader } from 'protobufjs';
import { type NodeId, type UnixMillis, unixMillis } from '../base/brands.ts';
import type { Envelope } from '../gossip/messages.ts';
import type { Fingerprint, Scope } from '../store/fingerprint.ts';
import { DigestEntry, MemberRecord } from '../store/record.ts';
import { Copies } from './copies.ts';
import { EntryDraft, readDeltaEntry, readDigestEntry } from './draft.ts';
import { type FieldReader, readNested, readSpan } from './fields.ts';
import type { WireLimits } from './limits.ts';
import { decodeMetadata } from './metadata.ts';
import { PlainMetadata } from './plain-metadata.ts';
import { type DroppedRecord, type RecordProblem, WireFault } from './refusal.ts';
import { Span } from './span.ts';
import { glimpseAt, idAt, meshAt } from './text.ts';

/** A message while it is read: what has come so far, checked and counted entry by entry. */
export class Arrival {
  readonly digest = new Map<NodeId, DigestEntry>();
  readonly delta = new Map<NodeId, MemberRecord>();
  readonly refusals: DroppedRecord[] = [];
  sentAt: UnixMillis = unixMillis(0);
  pushOnly = false;
  inSync = false;
  reached = false;
  fingerprint: Fingerprint | undefined;
  buckets: readonly Fingerprint[] | undefined;
  scope: Scope = 0;

  readonly #target = new Span();
  readonly #bytes: Buffer;
  readonly #limits: WireLimits;
  readonly #draft = new EntryDraft();
  readonly #plain: PlainMetadata;
  readonly #copies: Copies;
  readonly #source = new Span();
  readonly #mesh = new Span();
  #hasEnvelope = false;
  #digestEntries = 0;
  #deltaEntries = 0;

  constructor(bytes: Buffer, limits: WireLimits) {
    this.#bytes = bytes;
    this.#plain = new PlainMetadata(bytes);
    this.#copies = new Copies(bytes);
    this.#limits = limits;
  }

  readEnvelope(reader: Reader, layout: number): boolean {
    this.#hasEnvelope = true;
    return readNested(reader, layout, readEnvelopeField, { source: this.#source, mesh: this.#mesh });
  }

  readDigestEntry(reader: Reader, layout: number): boolean {
    this.#digestEntries += 1;
    this.#expectRoom(this.#digestEntries);
    const draft = this.#draft;
    draft.clear();
    readNested(reader, layout, readDigestEntry, draft);
    const id = idAt(this.#bytes, draft.key);
    if (id === undefined) return this.#drop('id_invalid');
    const claim = draft.claim(this.#bytes);
    if (typeof claim !== 'string') {
      this.digest.set(id, new DigestEntry(claim, draft.lastSeen));
      return true;
    }
    // The last entry of a key is the one that counts: this one, which can not be used.
    this.digest.delete(id);
    return this.#drop(claim);
  }

  readDeltaEntry(reader: Reader, layout: number): boolean {
    this.#deltaEntries += 1;
    this.#expectRoom(this.#deltaEntries);
    const draft = this.#draft;
    draft.clear();
    readNested(reader, layout, readDeltaEntry, draft);
    const id = idAt(this.#bytes, draft.key);
    if (id === undefined) return this.#drop('id_invalid');
    const record = this.#record(id);
    if (typeof record !== 'string') {
      this.delta.set(id, record);
      return true;
    }
    this.delta.delete(id);
    return this.#drop(record);
  }

  readTarget(reader: Reader, layout: number): boolean {
    return readSpan(reader, layout, this.#target);
  }

  /**
   * The member that a probe is about.
   *
   * @throws {WireFault} when it is not an id
   */
  target(): NodeId {
    const id = idAt(this.#bytes, this.#target);
    if (id === undefined) throw new WireFault('bad_target', `"${glimpseAt(this.#bytes, this.#target)}" is not an id`);
    return id;
  }

  /**
   * Who sent the message.
   *
   * @throws {WireFault} when the envelope does not say it properly
   */
  envelope(): Envelope {
    if (!this.#hasEnvelope) throw new WireFault('no_envelope', 'the message has no envelope');
    const source = idAt(this.#bytes, this.#source);
    if (source === undefined) {
      throw new WireFault('bad_source', `"${glimpseAt(this.#bytes, this.#source)}" is not an id`);
    }
    const mesh = meshAt(this.#bytes, this.#mesh);
    if (mesh === undefined) {
      throw new WireFault('bad_mesh', `"${glimpseAt(this.#bytes, this.#mesh)}" is not the name of a mesh`);
    }
    return { source, mesh };
  }

  #record(id: NodeId): MemberRecord | RecordProblem {
    const { metadata } = this.#draft;
    if (metadata.length > this.#limits.maxMetadataBytes) return 'metadata_too_large';
    const claim = this.#draft.claim(this.#bytes);
    if (typeof claim === 'string') return claim;
    if (!this.#isGood(metadata)) return 'metadata_invalid';
    return new MemberRecord(id, claim, this.#copies.of(metadata));
  }

  #isGood(metadata: Span): boolean {
    return this.#plain.isAt(metadata) || decodeMetadata(this.#bytes.subarray(metadata.start, metadata.end)).ok;
  }

  #expectRoom(entries: number): void {
    const { maxMembers } = this.#limits;
    if (entries > maxMembers) throw new WireFault('too_many_members', `more than ${maxMembers} members in one map`);
  }

  #drop(reason: RecordProblem): true {
    const { key } = this.#draft;
    this.refusals.push(key.length === 0 ? { reason } : { reason, id: glimpseAt(this.#bytes, key) });
    return true;
  }
}

const readEnvelopeField: FieldReader<{ readonly source: Span; readonly mesh: Span }> = (
  reader,
  field,
  layout,
  spans,
) => {
  switch (field) {
    case 1:
      return readSpan(reader, layout, spans.source);
    case 16:
      return readSpan(reader, layout, spans.mesh);
    default:
      return false;
  }
};
