import type { FastifyRequest } from 'fastify';

/** The forms that a page comes in. */
export type Representation = 'json' | 'html';

/** What we offer, the one that is taken when the client does not care first. UTF-8 is what both always are. */
const OFFERS = ['application/json', 'application/json;charset=utf-8', 'text/html', 'text/html;charset=utf-8'];

/**
 * Chooses between the forms of a page by the Accept header and its q-values (RFC 9110, section 12.5.1). Without a
 * header, and for a client that takes everything alike, that is JSON.
 *
 * @returns undefined when the client accepts neither
 */
export function preferredRepresentation(request: FastifyRequest): Representation | undefined {
  const chosen = request.type(OFFERS);
  if (typeof chosen !== 'string') return undefined;
  return chosen.startsWith('text/html') ? 'html' : 'json';
}
