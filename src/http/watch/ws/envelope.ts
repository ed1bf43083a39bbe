import { type EncodeEvent, eventJson } from '../watch-event.ts';

/** What a server's message can be. `resource_watch` carries an event of a watch. */
export type ServerMessageType = 'resource_watch' | 'subscribe' | 'unsubscribe' | 'pong' | 'error';

/** An event as the payload of a message, with the id to resume at. It is made once and goes into an envelope for each channel. */
export const encodePayload: EncodeEvent = (event, id) =>
  Buffer.from(JSON.stringify({ ...eventJson(event), ...(id === undefined ? {} : { id }) }));

/**
 * Puts a payload into its envelope.
 *
 * @param head as of {@link envelopeHead}
 * @param timestamp wall time in ISO 8601
 */
export function envelope(head: Buffer, payload: Buffer, timestamp: string): Buffer {
  return Buffer.concat([head, payload, Buffer.from(`,"timestamp":"${timestamp}"}`)]);
}

/** The beginning of all messages of one type and channel, up to the payload. */
export function envelopeHead(type: ServerMessageType, sessionID: string, channel: string | undefined): Buffer {
  const fields = JSON.stringify({ type, sessionID, ...(channel === undefined ? {} : { channel }) });
  return Buffer.from(`${fields.slice(0, -1)},"payload":`);
}
