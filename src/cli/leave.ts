import { fetchInfo, leaveMesh } from './client/local.ts';
import { type NodeFlags, nodeAccess } from './client/node-access.ts';
import { failed, misused } from './complain.ts';
import { confirm } from './confirm.ts';
import { ExitCode } from './exit-code.ts';
import { standardOutput } from './standard-output.ts';
import { visible } from './terminal-text.ts';

const COMMAND = 'muster leave';

/** The flags of `muster leave` as they were given. */
export interface LeaveFlags extends NodeFlags {
  readonly yes?: boolean;
}

/**
 * `muster leave`: has a node leave its mesh, which it does not come back to before it is started again; so it asks first.
 *
 * @returns the exit code
 */
export async function runLeave({ yes = false, ...flags }: LeaveFlags): Promise<ExitCode> {
  const node = nodeAccess(flags, process.env);
  if (!node.ok) return misused(node.error);
  const output = standardOutput();
  const info = await fetchInfo(node.value);
  if (!info.ok) return failed(COMMAND, info.error.message);
  const id = visible(info.value.value.id);
  const mesh = visible(info.value.value.mesh);
  if (!yes) {
    const consent = await confirm(`${id} leaves the mesh ${mesh} until its agent is started again. Go on?`);
    if (consent === 'unasked')
      return failed(COMMAND, `${id} would leave the mesh ${mesh}: say --yes, as there is no terminal to ask on`);
    if (consent === 'no') return failed(COMMAND, `${id} has not left`);
  }
  const left = await leaveMesh(node.value);
  if (!left.ok) return failed(COMMAND, left.error.message);
  output.write(
    `${id} has left the mesh ${mesh}; ${left.value} ${left.value === 1 ? 'peer has' : 'peers have'} heard its goodbye\n`,
  );
  return ExitCode.ok;
}
