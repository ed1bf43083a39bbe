import type * as z from 'zod';
import { err, ok, type Result } from '../../base/result.ts';
import { short } from '../../config/text.ts';
import type { NodeAccess } from './node-access.ts';
import { type RequestProblem, refusal, tooLate, unexpectedAnswer, unreachable } from './problem.ts';

/** How long a node may take for its whole answer. */
const TIMEOUT_MS = 5_000;
/** Most bytes of an answer that are read: some 30,000 members. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

/** What a node is asked. */
export interface NodeRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Beneath the node's address. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface RequestOptions {
  /** In milliseconds, for the whole answer; default 5 s. */
  readonly timeout?: number;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
}

/** What an answer must be. */
export interface Expected<Value> {
  readonly shape: z.ZodType<Value>;
  /** In words that follow "does not answer with": `a memberlist`. */
  readonly name: string;
  /** Names what the parts of a list are, for messages: `member`. */
  readonly item?: string;
}

/** An answer that is what was expected. Its texts are foreign: anything may stand in them. */
export interface Answer<Value> {
  readonly value: Value;
  /** The same as it came, with fields that this version does not know. */
  readonly raw: unknown;
  /** Wall time of the node when it answered, in milliseconds since 1970; our own where it did not tell. */
  readonly asOf: number;
}

/**
 * Asks a node for JSON. It never throws and never takes longer than the timeout; redirects are not followed.
 *
 * @returns the checked answer, or why there is none
 */
export async function requestJson<Value>(
  node: NodeAccess,
  request: NodeRequest,
  expected: Expected<Value>,
  options: RequestOptions = {},
): Promise<Result<Answer<Value>, RequestProblem>> {
  const sent = await send(node, request, options);
  if (!sent.ok) return sent;
  const { text, date } = sent.value;
  const place = placeOf(node);
  if (text === undefined) {
    return err(unexpectedAnswer(place, expected.name, `more than ${MAX_ANSWER_BYTES / 1024 ** 2} MiB`));
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err(unexpectedAnswer(place, expected.name, 'not JSON'));
  }
  const checked = expected.shape.safeParse(raw);
  if (!checked.success) return err(unexpectedAnswer(place, expected.name, firstIssue(checked.error, expected.item)));
  return ok({ value: checked.data, raw, asOf: Number.isNaN(date) ? Date.now() : date });
}

/** Has a node do something whose answer says nothing but that it was done. As {@link requestJson}. */
export async function requestDone(
  node: NodeAccess,
  request: NodeRequest,
  options: RequestOptions = {},
): Promise<Result<undefined, RequestProblem>> {
  const sent = await send(node, request, options);
  return sent.ok ? ok(undefined) : sent;
}

/** A node as messages name it. */
export function placeOf({ url }: NodeAccess): string {
  return short(url.href.replace(/\/$/, ''));
}

/** Where a request goes: a path of the node's address stays in front. */
export function targetOf({ url: base }: NodeAccess, { path, query }: NodeRequest): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/+$/, '') + path;
  if (query !== undefined) url.search = query.toString();
  return url;
}

/** The header by which a node knows who asks. */
export function credentials({ token }: NodeAccess): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

interface Received {
  /** Undefined when it is too long. */
  readonly text: string | undefined;
  readonly date: number;
}

async function send(
  node: NodeAccess,
  request: NodeRequest,
  { timeout = TIMEOUT_MS, signal }: RequestOptions,
): Promise<Result<Received, RequestProblem>> {
  const { method = 'GET', body } = request;
  const place = placeOf(node);
  const deadline = AbortSignal.timeout(timeout);
  try {
    const answer = await fetch(targetOf(node, request), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...credentials(node),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    });
    if (!answer.ok) return err(refusal(answer, await readText(answer, MAX_ERROR_BYTES), place));
    const date = Date.parse(answer.headers.get('date') ?? '');
    return ok({ text: await readText(answer, MAX_ANSWER_BYTES), date });
  } catch (error) {
    return err(deadline.aborted ? tooLate(place, timeout) : unreachable(place, error));
  }
}

/** What is wrong with an answer first, with its place: `member 2: state.labels: …`. */
function firstIssue({ issues }: z.ZodError, item: string | undefined): string {
  const { path = [], message = '' } = issues[0] ?? {};
  const [index, ...field] = path;
  const where =
    item === undefined || index === undefined ? [path.join('.')] : [`${item} ${Number(index) + 1}`, field.join('.')];
  return short([...where, message].filter((part) => part !== '').join(': '));
}

/** The body of an answer as text; undefined when it has more bytes than allowed. */
async function readText(answer: Response, most: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest of the answer.
    if (bytes > most) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
