import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { errorBody, HttpError, type HttpErrorCode, toHttpError } from './errors.ts';
import { preferredRepresentation } from './negotiation.ts';
import { sendPage } from './page.ts';

/**
 * Answers with an error: as JSON, or as a small page where the client likes that better. What the client is not told of a
 * mistake of ours goes to the log.
 */
export async function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger) {
  const error = toHttpError(thrown);
  if (error.code === 'INTERNAL') {
    logger.error({ code: 'HTTP_HANDLER_FAILED', requestId: request.id, err: thrown }, 'an HTTP handler failed');
  }
  const body = errorBody(error, request.id);
  reply
    .removeHeader('etag')
    .removeHeader('content-encoding')
    .code(error.statusCode)
    .headers(error.headers)
    .header('vary', 'Accept')
    .header('cache-control', 'no-store');
  if (preferredRepresentation(request) === 'html') {
    if (error.code === 'UNAUTHENTICATED') return sendPage(reply, 'login', { problem: error.message });
    return sendPage(reply, 'error', body);
  }
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/**
 * Answers on a connection whose request could not even be read as HTTP, and closes it.
 *
 * @returns the status that was sent, or undefined when nobody was there to read it
 */
export function answerUnreadable(fault: NodeJS.ErrnoException, socket: Socket, requestId: string): number | undefined {
  if (fault.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const error = unreadable(fault.code);
  const body = JSON.stringify(errorBody(error, requestId));
  const head = [
    `HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-ID: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  return error.statusCode;
}

function unreadable(faultCode: string | undefined): HttpError {
  const [code, message]: [HttpErrorCode, string] =
    faultCode === 'HPE_HEADER_OVERFLOW'
      ? ['HEADERS_TOO_LARGE', 'The URL and the header fields of the request are too large.']
      : faultCode === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['REQUEST_TIMEOUT', 'The request took too long.']
        : ['BAD_REQUEST', 'The request is not valid HTTP.'];
  return new HttpError(code, message);
}
