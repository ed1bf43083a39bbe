import { isVersion, type UnixMillis, unixMillis, type Version } from '../base/brands.ts';
import type { Claim } from '../store/record.ts';
import { type FieldReader, readBool, readNested, readNumber, readSpan, readTime } from './fields.ts';
import { peerStateOf } from './peer-state.ts';
import type { RecordProblem } from './refusal.ts';
import { Span } from './span.ts';
import { addressAt } from './text.ts';

/**
 * One entry of a map as it comes off the wire. A field that comes twice overwrites itself, as protobuf wants it; what the entry
 * means is asked only when it is complete. One draft serves a whole message, so that an entry leaves no garbage behind.
 */
export class EntryDraft {
  readonly key = new Span();
  readonly address = new Span();
  readonly metadata = new Span();
  hasClaim = false;
  version = 0;
  state = 0;
  left = false;
  forgotten = false;
  lastSeen: UnixMillis = unixMillis(0);
  readonly #claim: { -readonly [Key in keyof Claim]: Claim[Key] } = {
    version: 0 as Version,
    state: 'HEALTHY',
    left: false,
    forgotten: false,
    address: '',
  };

  clear(): void {
    this.key.clear();
    this.address.clear();
    this.metadata.clear();
    this.hasClaim = false;
    this.version = 0;
    this.state = 0;
    this.left = false;
    this.forgotten = false;
    this.lastSeen = unixMillis(0);
  }

  /** What the entry claims, or why it can not be used. It is the same object for every entry: who keeps a claim copies it. */
  claim(bytes: Buffer): Claim | RecordProblem {
    if (!this.hasClaim) return 'no_digest_entry';
    const { version } = this;
    const state = peerStateOf(this.state);
    if (state === undefined) return 'state_unknown';
    if (!isVersion(version)) return 'version_unsafe';
    const address = addressAt(bytes, this.address);
    if (address === undefined) return 'address_invalid';
    const dead = state === 'DEAD';
    const claim = this.#claim;
    claim.version = version;
    claim.state = state;
    claim.left = this.left && dead;
    claim.forgotten = this.forgotten && dead;
    claim.address = address;
    return claim;
  }
}

/** Reads a `DigestEntry`. */
const readClaim: FieldReader<EntryDraft> = (reader, field, layout, draft) => {
  switch (field) {
    case 1:
      draft.version = readNumber(reader, layout);
      return true;
    case 2:
      return readSpan(reader, layout, draft.address);
    case 3:
      draft.lastSeen = readTime(reader, layout);
      return true;
    case 4:
      draft.state = readNumber(reader, layout);
      return true;
    case 16:
      draft.left = readBool(reader, layout);
      return true;
    case 17:
      draft.forgotten = readBool(reader, layout);
      return true;
    default:
      return false;
  }
};

/** Reads a `GossipVersionedState`. */
const readState: FieldReader<EntryDraft> = (reader, field, layout, draft) => {
  switch (field) {
    case 1:
      draft.hasClaim = true;
      return readNested(reader, layout, readClaim, draft);
    case 2:
      return readSpan(reader, layout, draft.metadata);
    default:
      return false;
  }
};

/** Reads an entry of a map from ids to `DigestEntry`. An entry without a value has an empty one, as protobuf wants it. */
export const readDigestEntry: FieldReader<EntryDraft> = (reader, field, layout, draft) => {
  draft.hasClaim = true;
  switch (field) {
    case 1:
      return readSpan(reader, layout, draft.key);
    case 2:
      return readNested(reader, layout, readClaim, draft);
    default:
      return false;
  }
};

/** Reads an entry of a map from ids to `GossipVersionedState`. */
export const readDeltaEntry: FieldReader<EntryDraft> = (reader, field, layout, draft) => {
  switch (field) {
    case 1:
      return readSpan(reader, layout, draft.key);
    case 2:
      return readNested(reader, layout, readState, draft);
    default:
      return false;
  }
};
