import { ExitCode } from './exit-code.ts';
import { fetchMemberlist, type Memberlist } from './memberlist-client.ts';
import { type MembersFlags, type Output, parseMembersFlags } from './members-flags.ts';
import { membersTable } from './members-table.ts';
import { watchMembers } from './members-watch.ts';
import { stringifyYaml } from './members-yaml.ts';
import { type StandardOutput, standardOutput } from './standard-output.ts';
import { escapedJson } from './terminal-text.ts';

/**
 * `muster members`: prints the members that a node knows, once or, with `--watch`, until a signal.
 *
 * @returns the exit code
 */
export async function runMembers(flags: MembersFlags): Promise<ExitCode> {
  const parsed = parseMembersFlags(flags, process.env['MUSTER_HTTP'], process.env['MUSTER_TOKEN']);
  if (!parsed.ok) {
    for (const problem of parsed.error) process.stderr.write(`${problem}\n`);
    return ExitCode.usage;
  }
  const request = parsed.value;
  const output = standardOutput();
  if (request.watch) return watchMembers(request, output);
  const fetched = await fetchMemberlist(request.url, request);
  if (!fetched.ok) {
    process.stderr.write(`muster members: ${fetched.error.message}\n`);
    return ExitCode.failed;
  }
  output.write(rendered(fetched.value, request.output, output));
  return ExitCode.ok;
}

function rendered(list: Memberlist, form: Output, output: StandardOutput): string {
  switch (form) {
    case 'json':
      return `${escapedJson(JSON.stringify(list.raw, null, 2))}\n`;
    case 'yaml':
      return stringifyYaml(list.raw);
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
