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
  /** `watch` is neither true nor false. */
  BAD_WATCH: 400,
  /** No member has this id. */
  NO_SUCH_MEMBER: 404,
  /** Only a dead member can be forgotten. */
  MEMBER_NOT_DEAD: 409,
  /** The node is leaving its mesh, or has left it. */
  LEAVING: 409,
  /** `sort` names no order of the page. */
  BAD_SORT: 400,
  /** `group` is no key of a label. */
  BAD_GROUP: 400,
  /** The URL is no valid percent-encoding of UTF-8. */
  BAD_URL: 400,
  /** The URL is longer than {@link MAX_URL_CHARACTERS}. */
  URL_TOO_LONG: 400,
  /** A parameter or the body does not follow the schema of the route; the message says where. */
  INVALID_INPUT: 400,
  /** No credentials, or none that hold. `WWW-Authenticate` says what is wanted. */
  UNAUTHENTICATED: 401,
  /** The credentials hold, but do not allow this. */
  FORBIDDEN: 403,
  /** A page of another origin sent the request. */
  CROSS_ORIGIN: 403,
  /** A request of a session that changes something lacks the session's CSRF token. */
  BAD_CSRF_TOKEN: 403,
  /** The body is larger than 1 MiB. */
  BODY_TOO_LARGE: 413,
  /** The body is of a type that the route does not read. */
  UNSUPPORTED_MEDIA_TYPE: 415,
  /** The client's address has used up its rate; `Retry-After` says when there is more. */
  TOO_MANY_REQUESTS: 429,
  /** The issuer's keys, by which a token must be checked, can not be had now. */
  ISSUER_UNREACHABLE: 503,
  /** The node took too long to answer. */
  HANDLER_TIMEOUT: 503,
  /** Anything else that is wrong with the request; the message says what. */
  BAD_REQUEST: 400,
  /** The client took too long to send its request. */
  REQUEST_TIMEOUT: 408,
  /** The page is a WebSocket; it has nothing to say to a plain request. */
  UPGRADE_REQUIRED: 426,
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
    const { statusCode } = thrown;
    const code = 'code' in thrown ? String(thrown.code) : '';
    if (code.startsWith('FST_CSRF_')) {
      return new HttpError('BAD_CSRF_TOKEN', 'The CSRF token of the session is missing or wrong.');
    }
    if (statusCode === 408) return new HttpError('REQUEST_TIMEOUT', 'The request took too long.');
    if (statusCode === 413) return new HttpError('BODY_TOO_LARGE', 'The body is too large.');
    if (statusCode === 415)
      return new HttpError('UNSUPPORTED_MEDIA_TYPE', 'The body is of a type that is not read here.');
    if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
      return new HttpError('BAD_REQUEST', thrown.message);
    }
  }
  return new HttpError('INTERNAL', 'Something went wrong on this node. Its log has the details under the request id.');
}

export function errorBody(error: HttpError, requestId: string): ErrorBody {
  const { statusCode, message, code } = error;
  return { statusCode, error: STATUS_CODES[statusCode] ?? 'Error', message, requestId, code };
}
