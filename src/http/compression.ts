import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Smaller bodies gain nothing. */
const MIN_BYTES = 1_024;
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 1;
const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:json|javascript|[\w.-]+\+json)\b)/;

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
 * @returns what to send
 */
export async function compressed(
  request: FastifyRequest,
  reply: FastifyReply,
  body: CompressibleBody,
): Promise<Buffer> {
  if (body.plain.length < MIN_BYTES) return body.plain;
  addVary(reply, 'Accept-Encoding');
  // Of those that the client takes the one that we like best: most clients take all of them alike.
  const encoding = ENCODINGS.find((candidate) => request.encoding([candidate]) === candidate);
  if (encoding === undefined) return body.plain;
  reply.header('content-encoding', encoding);
  return body.as(encoding);
}

/** Compresses what an app answers, unless the route has done so itself. Streams go out as they are. */
export function registerCompression(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (payload.length < MIN_BYTES || reply.hasHeader('content-encoding')) return payload;
    if (!COMPRESSIBLE.test(String(reply.getHeader('content-type') ?? ''))) return payload;
    const plain = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
    const sent = await compressed(request, reply, new CompressibleBody(plain));
    reply.header('content-length', sent.length);
    return sent;
  });
}

/** Adds to the request header fields that an answer depends on. */
function addVary(reply: FastifyReply, field: string): void {
  const named = String(reply.getHeader('vary') ?? '');
  const fields = new Set([...named.split(/, */).filter((name) => name !== ''), field]);
  reply.header('vary', [...fields].join(', '));
}

async function encode(plain: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return zip(plain, { level: GZIP_LEVEL });
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  return brotli(plain, {
    params: { [BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
}
