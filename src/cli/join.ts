import { parseTarget } from '../config/address.ts';
import { quote } from '../config/text.ts';
import { joinMesh } from './client/local.ts';
import { type NodeFlags, nodeAccess } from './client/node-access.ts';
import { failed, misused } from './complain.ts';
import { ExitCode } from './exit-code.ts';
import { standardOutput } from './standard-output.ts';

/**
 * `muster join`: has a node try further addresses to find its mesh by.
 *
 * @returns the exit code
 */
export async function runJoin(addresses: readonly string[], flags: NodeFlags): Promise<ExitCode> {
  const node = nodeAccess(flags, process.env);
  const targets: string[] = [];
  const problems: string[] = [];
  for (const address of addresses) {
    const target = parseTarget(address);
    if (target.ok) targets.push(target.value);
    else problems.push(`address ${quote(address)}: ${target.error}`);
  }
  if (!node.ok || problems.length > 0) return misused([...problems, ...(node.ok ? [] : node.error)]);
  const output = standardOutput();
  const joined = await joinMesh(node.value, targets);
  if (!joined.ok) return failed('muster join', joined.error.message);
  output.write(`trying ${targets.join(', ')}\n`);
  return ExitCode.ok;
}
