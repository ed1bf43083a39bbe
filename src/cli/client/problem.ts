import * as z from 'zod';
import { short } from '../../config/text.ts';

/** Why a node did not do or tell what it was asked. */
export interface RequestProblem {
  /**
   * - `unreachable`: no connection, no answer in time, or a connection that broke.
   * - `refused`: the node answers, and will answer the same again: the question is wrong, or it is no node.
   * - `failed`: the node answers with an error of its own.
   */
  readonly kind: 'unreachable' | 'refused' | 'failed';
  /** One line, safe to print. */
  readonly message: string;
}

const ERROR_BODY = z.object({ message: z.string(), code: z.string().optional() });

/** What a node says of the question itself; its sentence says all that there is to say. */
const SPEAKS_FOR_ITSELF: ReadonlySet<string | undefined> = new Set(['NO_SUCH_MEMBER', 'MEMBER_NOT_DEAD', 'LEAVING']);

/** Statuses below 500 that another try may well not meet: the request took too long, or there were too many. */
const PASSING: ReadonlySet<number> = new Set([408, 429]);

/**
 * What an answer that is no success means.
 *
 * @param place the node, as messages name it
 * @param body its text; undefined when it was too long
 */
export function refusal(
  { status, statusText }: Pick<Response, 'status' | 'statusText'>,
  body: string | undefined,
  place: string,
): RequestProblem {
  const said = errorIn(body);
  const kind = status < 500 && !PASSING.has(status) ? 'refused' : 'failed';
  if (said !== undefined && (status === 400 || SPEAKS_FOR_ITSELF.has(said.code)))
    return { kind, message: said.message };
  const name = short(`${status} ${statusText}`.trimEnd());
  return { kind, message: `${place} answers ${name}${said === undefined ? '' : `: ${said.message}`}` };
}

/** An answer that came and is not what was asked for. */
export function unexpectedAnswer(place: string, wanted: string, why: string): RequestProblem {
  return { kind: 'refused', message: `${place} does not answer with ${wanted}: ${why}` };
}

/** No answer, or not all of one. */
export function unreachable(place: string, error: unknown): RequestProblem {
  return { kind: 'unreachable', message: `${place} can not be reached: ${reasonOf(error)}` };
}

/** No answer in time. */
export function tooLate(place: string, timeoutMs: number): RequestProblem {
  return { kind: 'unreachable', message: `${place} can not be reached: no answer within ${timeoutMs / 1_000} s` };
}

/** The error that Muster puts into its answers, safe to print. */
function errorIn(text: string | undefined): z.infer<typeof ERROR_BODY> | undefined {
  try {
    const body = ERROR_BODY.safeParse(JSON.parse(text ?? ''));
    return body.success ? { ...body.data, message: shortMessage(body.data.message) } : undefined;
  } catch {
    return undefined;
  }
}

/** Messages are sentences: they may be longer than a value that is quoted in one. */
function shortMessage(message: string): string {
  return [message.slice(0, 80), message.slice(80, 160), message.slice(160, 240)].map(short).join('');
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'the connection was reset'],
  ['EHOSTUNREACH', 'no route to the host'],
  ['ENETUNREACH', 'no route to the network'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the name can not be resolved now'],
  ['UND_ERR_SOCKET', 'the connection broke'],
]);

/** Why a fetch failed, from what is beneath its error. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return REASONS.get(code) ?? short(cause instanceof Error ? cause.message : String(cause));
}
