/**
 * Why a message is refused as a whole.
 *
 * - `too_large`: more bytes than `maxMessageBytes`.
 * - `too_many_members`: a map with more than `maxMembers` entries.
 * - `malformed`: not protobuf, cut short, or a known field in another encoding.
 * - `no_envelope`: nobody says who speaks.
 * - `bad_source`: the sender's id is not a valid id.
 * - `bad_target`: the id that a probe asks about is not a valid id.
 * - `bad_mesh`: the mesh name is longer than 63 bytes or not printable ASCII.
 */
export type WireErrorCode =
  | 'too_large'
  | 'too_many_members'
  | 'malformed'
  | 'no_envelope'
  | 'bad_source'
  | 'bad_target'
  | 'bad_mesh';

/** The refusal of a whole message. */
export interface WireError {
  readonly code: WireErrorCode;
  /** One line of printable text, safe to log and to send back. */
  readonly detail: string;
}

/** The names of the gRPC statuses that a refusal maps to. */
export type WireStatus = 'INVALID_ARGUMENT' | 'RESOURCE_EXHAUSTED';

/** The gRPC status to answer each refusal with. */
export const WIRE_STATUS: Readonly<Record<WireErrorCode, WireStatus>> = Object.freeze({
  too_large: 'RESOURCE_EXHAUSTED',
  too_many_members: 'RESOURCE_EXHAUSTED',
  malformed: 'INVALID_ARGUMENT',
  no_envelope: 'INVALID_ARGUMENT',
  bad_source: 'INVALID_ARGUMENT',
  bad_target: 'INVALID_ARGUMENT',
  bad_mesh: 'INVALID_ARGUMENT',
});

/** Why one record of a message is dropped, while the rest is used. */
export type RecordProblem =
  | 'id_invalid'
  | 'no_digest_entry'
  | 'state_unknown'
  | 'version_unsafe'
  | 'address_invalid'
  | 'metadata_too_large'
  | 'metadata_invalid';

/** One record that was dropped. */
export interface DroppedRecord {
  readonly reason: RecordProblem;
  /** The record's id, shortened and safe to log. It need not be a valid id. Absent when the record has none. */
  readonly id?: string;
}

/** A message that can be used, and what was dropped from it. */
export interface Decoded<Message> {
  readonly message: Message;
  readonly refusals: readonly DroppedRecord[];
}

/** Carries a {@link WireError} out of the depth of a decoder. It never leaves this folder. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

const SHOWN_CHARACTERS = 64;

/** Foreign text made fit for a log line: at most 64 characters, and none that a terminal or a log reader obeys. */
export function forLog(text: string): string {
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 1));
  const shown = characters.slice(0, SHOWN_CHARACTERS).join('');
  const safe = shown.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return characters.length > SHOWN_CHARACTERS ? `${safe}...` : safe;
}
