import { STATUS_CODES } from 'node:http';

/** Every error that the HTTP face answers with: its stable code and its status. */
export const HTTP_ERRORS = {
  /** No such page. */
  NOT_FOUND: 404,
  /** The page exists, but not for this method; `Allow` names those that it has. */
  METHOD_NOT_ALLOWED: 405,
  /** The Accept header allows none of the forms that the page has. */
  NOT_ACCEPTABLE: 406,
  /** `labelSelector` does not follow the grammar; the message says at which character. */
  BAD_LABEL_SELECTOR: 400,
  /** `peerState` names no state. */
  BAD_PEER_STATE: 400,
  /** The URL is no valid percent-encoding of UTF-8. */
  BAD_URL: 400,
  /** The URL is longer than {@link MAX_URL_CHARACTERS}. */
  URL_TOO_LONG: 400,
  /** Anything else that is wrong with the request; the message says what. */
  BAD_REQUEST: 400,
  /** The client took too long to send its request. */
  REQUEST_TIMEOUT: 408,
  /** The request's header fields are too large. */
  HEADERS_TOO_LARGE: 431,
  /** A mistake of Muster's own; the log has the details under the same request id. */
  INTERNAL: 500,
} as const;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** Longest URL, path and query, that is answered. A selector of this length names some hundred labels. */
export const MAX_URL_CHARACTERS = 8_192;

/** An error that the client is told: its message is for the client's eyes. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  readonly statusCode: number;
  /** Header fields that the answer carries because of the error. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: HttpErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.statusCode = HTTP_ERRORS[code];
    this.headers = headers;
  }
}

/** The body of every error answer. */
interface ErrorBody {
  readonly statusCode: number;
  /** The status in words. */
  readonly error: string;
  readonly message: string;
  /** The same as in the `X-Request-ID` header and in the log. */
  readonly requestId: string;
  readonly code: HttpErrorCode;
}

/**
 * Turns whatever was thrown into what the client may know. Errors of ours speak for themselves, faults that Fastify found
 * in the request keep their status, and all else is a 500 that tells nothing.
 */
export function toHttpError(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown;
  if (thrown instanceof Error && 'statusCode' in thrown) {
    if (thrown.statusCode === 408) return new HttpError('REQUEST_TIMEOUT', 'The request took too long.');
    if (typeof thrown.statusCode === 'number' && thrown.statusCode >= 400 && thrown.statusCode < 500) {
      return new HttpError('BAD_REQUEST', thrown.message);
    }
  }
  return new HttpError('INTERNAL', 'Something went wrong on this node. Its log has the details under the request id.');
}

export function errorBody(error: HttpError, requestId: string): ErrorBody {
  const { statusCode, message, code } = error;
  return { statusCode, error: STATUS_CODES[statusCode] ?? 'Error', message, requestId, code };
}
