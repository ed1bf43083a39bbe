import { MAX_ID_BYTES } from '../base/brands.ts';
import { quote } from '../config/text.ts';
import { forgetMember } from './client/local.ts';
import { type NodeFlags, nodeAccess } from './client/node-access.ts';
import { failed, misused } from './complain.ts';
import { ExitCode } from './exit-code.ts';
import { standardOutput } from './standard-output.ts';
import { visible } from './terminal-text.ts';

/**
 * `muster forget`: takes a dead member from every memberlist before its time.
 *
 * @returns the exit code
 */
export async function runForget(id: string, flags: NodeFlags): Promise<ExitCode> {
  const node = nodeAccess(flags, process.env);
  const isId = id !== '' && !/^\.+$/.test(id) && Buffer.byteLength(id) <= MAX_ID_BYTES;
  if (!node.ok || !isId) {
    const problem = `the id must be 1 to ${MAX_ID_BYTES} bytes and not only dots, got ${quote(id)}`;
    return misused([...(isId ? [] : [problem]), ...(node.ok ? [] : node.error)]);
  }
  const output = standardOutput();
  const forgotten = await forgetMember(node.value, id);
  if (!forgotten.ok) return failed('muster forget', forgotten.error.message);
  output.write(`${visible(id)} is forgotten\n`);
  return ExitCode.ok;
}
