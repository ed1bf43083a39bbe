import { callbackify, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Smaller bodies gain nothing. */
const MIN_BYTES = 1_024;
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 1;
const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:json|javascript|[\w.-]+\+json)\b)/;

/** Stands in the Vary of an answer whose route has chosen between the encodings. */
const ACCEPT_ENCODING = 'Accept-Encoding';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

const ENCODINGS = ['br', 'gzip'] as const;
type Encoding = (typeof ENCODINGS)[number];

/** A body that may be sent many times: each of its encodings is made at most once, when the first client wants it. */
export class CompressibleBody {
  readonly plain: Buffer;
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(plain: Buffer) {
    this.plain = plain;
  }

  async as(encoding: Encoding): Promise<Buffer> {
    const made = this.#encoded.get(encoding) ?? encode(this.plain, encoding);
    this.#encoded.set(encoding, made);
    return made;
  }
}

/**
 * Encodes a body for the client who asked, as its Accept-Encoding wants, and sets the headers.
 *
 * @returns what to send: at once where that is the plain body
 */
export function compressed(
  request: FastifyRequest,
  reply: FastifyReply,
  body: CompressibleBody,
): Buffer | Promise<Buffer> {
  if (body.plain.length < MIN_BYTES) return body.plain;
  addVary(reply, ACCEPT_ENCODING);
  if (request.headers['accept-encoding'] === undefined) return body.plain;
  // Of those that the client takes the one that we like best: most clients take all of them alike.
  const encoding = ENCODINGS.find((candidate) => request.encoding([candidate]) === candidate);
  if (encoding === undefined) return body.plain;
  reply.header('content-encoding', encoding);
  return body.as(encoding);
}

/** Compresses what an app answers, unless the route has done so itself. Streams go out as they are. */
export function registerCompression(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload: unknown, done) => {
    if (!isCompressible(payload, reply)) {
      done();
      return;
    }
    const plain = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
    const sent = compressed(request, reply, new CompressibleBody(plain));
    if (Buffer.isBuffer(sent)) done(null, measured(reply, sent));
    else
      callbackify(async () => sent)((error, encoded) => {
        // The time limit may have answered meanwhile.
        if (reply.raw.headersSent) return;
        if (error instanceof Error) done(error);
        else done(null, measured(reply, encoded));
      });
  });
}

function measured(reply: FastifyReply, body: Buffer): Buffer {
  reply.header('content-length', body.length);
  return body;
}

/** Tells whether a payload gains by being compressed, and its route has not chosen a form already. */
function isCompressible(payload: unknown, reply: FastifyReply): payload is string | Buffer {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return false;
  if (payload.length < MIN_BYTES || fieldsOfVary(reply).includes(ACCEPT_ENCODING)) return false;
  return COMPRESSIBLE.test(String(reply.getHeader('content-type') ?? ''));
}

/** Adds to the request header fields that an answer depends on. */
function addVary(reply: FastifyReply, field: string): void {
  const fields = fieldsOfVary(reply);
  if (!fields.includes(field)) reply.header('vary', [...fields, field].join(', '));
}

function fieldsOfVary(reply: FastifyReply): readonly string[] {
  const named = String(reply.getHeader('vary') ?? '');
  return named === '' ? [] : named.split(/, */);
}

async function encode(plain: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return zip(plain, { level: GZIP_LEVEL });
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  return brotli(plain, {
    params: { [BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
}
