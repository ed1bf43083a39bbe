import { z } from 'zod';
import { MAX_ID_BYTES } from '../base/brands.ts';
import { MAX_ENDPOINT_BYTES, MAX_LABELS } from '../base/metadata.ts';
import { err, ok, type Result } from '../base/result.ts';
import { short } from '../config/text.ts';
import { type PeerState, STATES } from '../http/member-query.ts';
import { MEMBERLIST_PATH } from '../http/paths.ts';

/** How long a node may take for its whole answer. */
const TIMEOUT_MS = 5_000;
/** Most bytes of an answer that are read: some 30,000 members. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_ADDRESS = 512;
const MAX_LABEL_TEXT = 512;

const MEMBER = z.object({
  id: z.string().min(1).max(MAX_ID_BYTES),
  address: z.string().max(MAX_ADDRESS),
  lastSeen: z.iso.datetime({ offset: true }),
  version: z.int().min(0),
  state: z.object({
    apiEndpoint: z.string().max(MAX_ENDPOINT_BYTES),
    apiPort: z.int().min(0).max(65_535),
    labels: z
      .record(z.string().max(MAX_LABEL_TEXT), z.string().max(MAX_LABEL_TEXT))
      .refine((labels) => Object.keys(labels).length <= MAX_LABELS, { error: `more than ${MAX_LABELS} labels` }),
  }),
  peerState: z.enum(STATES),
  isLocal: z.boolean(),
  left: z.boolean().optional(),
});
const MEMBERLIST = z.array(MEMBER);
const ERROR_BODY = z.object({ message: z.string() });

/** A member as a node's HTTP face tells of it (interfaces, section 2). Its texts are foreign: anything may stand in them. */
export type ListedMember = z.infer<typeof MEMBER>;

/** Which members are wanted. */
export interface MemberlistQuery {
  readonly selector?: string | undefined;
  /** None at all means every state. */
  readonly states: readonly PeerState[];
  /** Bearer token, where the node asks for one. */
  readonly token?: string | undefined;
}

export interface Memberlist {
  readonly members: readonly ListedMember[];
  /** The array as it came, with fields that this version does not know. */
  readonly raw: unknown;
  /** Wall time of the node when it answered, in milliseconds since 1970; our own where it did not tell. */
  readonly asOf: number;
}

/** Why there is no memberlist. */
export interface FetchProblem {
  /**
   * - `unreachable`: no connection, no answer in time, or a connection that broke.
   * - `refused`: the node answers, and will answer the same again: the query is wrong, or it is no node.
   * - `failed`: the node answers with an error of its own.
   */
  readonly kind: 'unreachable' | 'refused' | 'failed';
  /** One line, safe to print. */
  readonly message: string;
}

interface FetchOptions {
  /** In milliseconds, for the whole answer; default 5 s. */
  readonly timeout?: number;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
}

/**
 * Asks a node for its memberlist. It never throws and never takes longer than the timeout; redirects are not followed.
 *
 * @param base the node's HTTP address; a path in it stays in front of the memberlist's
 */
export async function fetchMemberlist(
  base: URL,
  query: MemberlistQuery,
  options: FetchOptions = {},
): Promise<Result<Memberlist, FetchProblem>> {
  const timeout = options.timeout ?? TIMEOUT_MS;
  const place = short(base.href.replace(/\/$/, ''));
  const deadline = AbortSignal.timeout(timeout);
  try {
    const answer = await fetch(memberlistUrl(base, query), {
      headers: {
        accept: 'application/json',
        ...(query.token === undefined ? {} : { authorization: `Bearer ${query.token}` }),
      },
      redirect: 'manual',
      signal: options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]),
    });
    if (!answer.ok) return err(await refusal(answer, place));
    const text = await readText(answer, MAX_ANSWER_BYTES);
    if (text === undefined) return err(notMemberlist(place, `more than ${MAX_ANSWER_BYTES / 1024 ** 2} MiB`));
    return memberlistOf(text, place, Date.parse(answer.headers.get('date') ?? ''));
  } catch (error) {
    const reason = deadline.aborted ? `no answer within ${timeout / 1_000} s` : reasonOf(error);
    return err({ kind: 'unreachable', message: `${place} can not be reached: ${reason}` });
  }
}

function memberlistUrl(base: URL, { selector, states }: MemberlistQuery): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/+$/, '') + MEMBERLIST_PATH;
  if (selector !== undefined) url.searchParams.set('labelSelector', selector);
  for (const state of states) url.searchParams.append('peerState', state);
  return url;
}

function memberlistOf(text: string, place: string, date: number): Result<Memberlist, FetchProblem> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err(notMemberlist(place, 'not JSON'));
  }
  const checked = MEMBERLIST.safeParse(raw);
  if (checked.success) return ok({ members: checked.data, raw, asOf: Number.isNaN(date) ? Date.now() : date });
  const { path = [], message = '' } = checked.error.issues[0] ?? {};
  const [index, ...field] = path;
  const where =
    index === undefined ? [] : [`member ${Number(index) + 1}`, ...(field.length > 0 ? [field.join('.')] : [])];
  return err(notMemberlist(place, short([...where, message].join(': '))));
}

function notMemberlist(place: string, why: string): FetchProblem {
  return { kind: 'refused', message: `${place} does not answer with a memberlist: ${why}` };
}

async function refusal(answer: Response, place: string): Promise<FetchProblem> {
  const said = messageIn(await readText(answer, MAX_ERROR_BYTES));
  if (answer.status === 400 && said !== undefined) return { kind: 'refused', message: said };
  const status = short(`${answer.status} ${answer.statusText}`.trimEnd());
  return {
    kind: answer.status < 500 ? 'refused' : 'failed',
    message: `${place} answers ${status}${said === undefined ? '' : `: ${said}`}`,
  };
}

/** The message of an error answer of Muster's, safe to print. */
function messageIn(text: string | undefined): string | undefined {
  try {
    const body = ERROR_BODY.safeParse(JSON.parse(text ?? ''));
    return body.success ? shortMessage(body.data.message) : undefined;
  } catch {
    return undefined;
  }
}

/** Messages are sentences: they may be longer than a value that is quoted in one. */
function shortMessage(message: string): string {
  return [message.slice(0, 80), message.slice(80, 160), message.slice(160, 240)].map(short).join('');
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
