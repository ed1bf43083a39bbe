import { failed, misused } from './complain.ts';
import { documentText } from './document-output.ts';
import { ExitCode } from './exit-code.ts';
import { fetchMemberlist, type Memberlist } from './memberlist-client.ts';
import { type MembersFlags, type Output, parseMembersFlags } from './members-flags.ts';
import { sortedMembers } from './members-sort.ts';
import { membersTable } from './members-table.ts';
import { watchMembers } from './members-watch.ts';
import { type StandardOutput, standardOutput } from './standard-output.ts';
import { visible } from './terminal-text.ts';

/**
 * `muster members`: prints the members that a node knows, once or, with `--watch`, until a signal.
 *
 * @returns the exit code
 */
export async function runMembers(flags: MembersFlags): Promise<ExitCode> {
  const parsed = parseMembersFlags(flags, process.env);
  if (!parsed.ok) return misused(parsed.error);
  const request = parsed.value;
  const output = standardOutput();
  if (request.watch) return watchMembers(request, output);
  const fetched = await fetchMemberlist(request.url, request);
  if (!fetched.ok) return failed('muster members', fetched.error.message);
  output.write(rendered(sortedMembers(fetched.value, request.sort), request.output, output));
  return request.exitCode && fetched.value.members.length === 0 ? ExitCode.unmet : ExitCode.ok;
}

function rendered(list: Memberlist, form: Output, output: StandardOutput): string {
  switch (form) {
    case 'json':
    case 'yaml':
      return documentText(list.raw, form);
    case 'name':
      return list.members.map(({ id }) => `${visible(id)}\n`).join('');
    case 'table':
    case 'wide': {
      const { asOf } = list;
      const table = { wide: form === 'wide', asOf, width: output.size()?.columns, color: output.color };
      return membersTable(list.members, table)
        .map((line) => `${line}\n`)
        .join('');
    }
  }
}
