import { fetchInfo } from './client/local.ts';
import { type NodeFlags, nodeAccess } from './client/node-access.ts';
import { failed, misused } from './complain.ts';
import { documentText } from './document-output.ts';
import { ExitCode } from './exit-code.ts';
import { infoLines } from './info-text.ts';
import { parseOutput } from './output-flag.ts';
import { standardOutput } from './standard-output.ts';

/** The flags of `muster info` as they were given. */
export interface InfoFlags extends NodeFlags {
  readonly output?: string;
}

/**
 * `muster info`: prints what a node has to say of itself.
 *
 * @returns the exit code
 */
export async function runInfo(flags: InfoFlags): Promise<ExitCode> {
  const form = parseOutput(flags.output, ['text', 'json', 'yaml']);
  const node = nodeAccess(flags, process.env);
  if (!form.ok || !node.ok) return misused([...(form.ok ? [] : [form.error]), ...(node.ok ? [] : node.error)]);
  const output = standardOutput();
  const answer = await fetchInfo(node.value);
  if (!answer.ok) return failed('muster info', answer.error.message);
  const { value, raw, asOf } = answer.value;
  if (form.value !== 'text') output.write(documentText(raw, form.value));
  else output.write(lines(infoLines(value, { asOf, color: output.color })));
  return ExitCode.ok;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
