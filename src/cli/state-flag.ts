import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';
import { type PeerState, STATES } from '../http/member-query.ts';

/**
 * Reads the values of `--state`, in upper or lower case.
 *
 * @returns the states, or one line for every mistake, safe to print
 */
export function parseStates(given: readonly string[] = []): Result<readonly PeerState[], readonly string[]> {
  const states: PeerState[] = [];
  const problems: string[] = [];
  for (const text of given) {
    const state = STATES.find((known) => known === text.toUpperCase());
    if (state === undefined) problems.push(`--state: must be one of ${STATES.join(', ')}, got ${quote(text)}`);
    else states.push(state);
  }
  return problems.length > 0 ? err(problems) : ok(states);
}
