import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';
import { type PeerState, STATES } from '../http/member-query.ts';

const OUTPUTS = ['table', 'wide', 'json', 'yaml'] as const;
const DEFAULT_URL = 'http://127.0.0.1:8080';

/** The forms that members can be printed in. */
export type Output = (typeof OUTPUTS)[number];

/** The flags of `muster members` as they were given. */
export interface MembersFlags {
  readonly http?: string;
  readonly output?: string;
  readonly selector?: string;
  readonly state?: readonly string[];
  readonly watch?: boolean;
}

/** What `muster members` is to do. */
export interface MembersRequest {
  readonly url: URL;
  readonly output: Output;
  readonly selector?: string | undefined;
  readonly states: readonly PeerState[];
  readonly watch: boolean;
  /** Bearer token for the node. */
  readonly token?: string | undefined;
}

/**
 * Checks what was asked of `muster members`.
 *
 * @param fromEnvironment the variable MUSTER_HTTP, which stands in for `--http`
 * @param token the variable MUSTER_TOKEN; there is no flag for it, as others can see those
 * @returns the request, or one line for every mistake, safe to print
 */
export function parseMembersFlags(
  flags: MembersFlags,
  fromEnvironment: string | undefined,
  token?: string,
): Result<MembersRequest, readonly string[]> {
  const problems: string[] = [];
  const wanted = flags.output ?? 'table';
  const output = OUTPUTS.find((known) => known === wanted);
  if (output === undefined) problems.push(`--output: must be one of ${OUTPUTS.join(', ')}, got ${quote(wanted)}`);
  if (flags.watch === true && (output === 'json' || output === 'yaml')) {
    problems.push(`--watch: goes with --output table or wide, not with ${output}`);
  }
  const states: PeerState[] = [];
  for (const given of flags.state ?? []) {
    const state = STATES.find((known) => known === given.toUpperCase());
    if (state === undefined) problems.push(`--state: must be one of ${STATES.join(', ')}, got ${quote(given)}`);
    else states.push(state);
  }
  const source = flags.http === undefined && fromEnvironment ? 'MUSTER_HTTP' : '--http';
  const url = parseUrl(flags.http ?? (fromEnvironment || DEFAULT_URL));
  if (!url.ok) problems.push(`${source}: ${url.error}`);
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token))
    problems.push('MUSTER_TOKEN: must be visible ASCII characters');
  if (problems.length > 0 || output === undefined || !url.ok) return err(problems);
  const { selector, watch = false } = flags;
  return ok({ url: url.value, output, selector, states, watch, ...(token ? { token } : {}) });
}

function parseUrl(text: string): Result<URL, string> {
  // Credentials are refused without being shown.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== '')) return err('must not hold credentials');
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    return err(`must be an http:// or https:// URL without a query, such as ${DEFAULT_URL}, got ${quote(text)}`);
  }
  return ok(url);
}
