import { endpointProblem } from '../../base/metadata.ts';
import { short } from '../../config/text.ts';
import type { ListedMember } from '../memberlist-client.ts';
import { isUnsafe } from '../terminal-text.ts';

/** A cluster and a context of a kubeconfig. Both have the member's id for their name. */
export interface Entry {
  readonly name: string;
  readonly server: string;
}

/** What a kubeconfig gets of some members, and of whom it gets nothing. */
export interface Entries {
  readonly entries: readonly Entry[];
  /** One line for each, safe to print. */
  readonly warnings: readonly string[];
}

/**
 * Names that are typed and completed in shells: letters, digits and what file names, DNS names and cloud providers' names are made of.
 * A shell does something else with anything beyond, and so would a completion of context names.
 */
const PLAIN_NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._:@/+-]*$/u;

/**
 * Picks out what a kubeconfig can hold. What comes from a peer may be anything, so a member is left out, with a warning, when it has
 * no lawful http(s) endpoint or a name that is not plain.
 */
export function entriesOf(members: readonly ListedMember[]): Entries {
  const entries: Entry[] = [];
  const warnings: string[] = [];
  for (const { id, state } of members) {
    const problem = problemOf(id, state.apiEndpoint);
    if (problem === undefined) entries.push({ name: id, server: state.apiEndpoint });
    else warnings.push(`${short(id)} is left out: ${problem}`);
  }
  return { entries, warnings };
}

function problemOf(id: string, endpoint: string): string | undefined {
  if (!PLAIN_NAME.test(id) || isUnsafe(id)) return 'its name is not one to type in a shell';
  if (endpoint === '') return 'it tells no API endpoint';
  const problem = endpointProblem(endpoint);
  return problem === undefined ? undefined : `its API endpoint ${problem}`;
}
