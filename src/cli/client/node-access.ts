import { err, ok, type Result } from '../../base/result.ts';
import { quote } from '../../config/text.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/** A node to ask, and by what it knows us. */
export interface NodeAccess {
  /** Its HTTP address; a path in it stays in front of the API's. */
  readonly url: URL;
  /** Bearer token, where the node asks for one. */
  readonly token?: string | undefined;
}

/** The flags by which every command that asks a node is told which one. */
export interface NodeFlags {
  readonly http?: string;
}

/** The variables that stand in for flags. There is no flag for the token, as others can see those. */
export interface NodeVariables {
  readonly MUSTER_HTTP?: string | undefined;
  readonly MUSTER_TOKEN?: string | undefined;
}

/**
 * Tells which node is to be asked.
 *
 * @param env the environment; an empty variable is as good as none
 * @returns the node, or one line for every mistake, safe to print
 */
export function nodeAccess(flags: NodeFlags, env: NodeVariables): Result<NodeAccess, readonly string[]> {
  const problems: string[] = [];
  const { MUSTER_HTTP: fromEnvironment, MUSTER_TOKEN: token } = env;
  const source = flags.http === undefined && fromEnvironment ? 'MUSTER_HTTP' : '--http';
  const url = parseUrl(flags.http ?? (fromEnvironment || DEFAULT_URL));
  if (!url.ok) problems.push(`${source}: ${url.error}`);
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token))
    problems.push('MUSTER_TOKEN: must be visible ASCII characters');
  if (problems.length > 0 || !url.ok) return err(problems);
  return ok({ url: url.value, ...(token ? { token } : {}) });
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
