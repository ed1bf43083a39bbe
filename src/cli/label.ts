import { labelKeyProblem, labelValueProblem } from '../base/metadata.ts';
import { err, ok, type Result } from '../base/result.ts';
import { quote, short } from '../config/text.ts';
import { fetchLabels, patchLabels } from './client/local.ts';
import { type NodeFlags, nodeAccess } from './client/node-access.ts';
import { failed, misused } from './complain.ts';
import { documentText } from './document-output.ts';
import { ExitCode } from './exit-code.ts';
import { parseOutput } from './output-flag.ts';
import { type StandardOutput, standardOutput } from './standard-output.ts';
import { visible } from './terminal-text.ts';

type Labels = Readonly<Record<string, string>>;

/** The flags of `muster label list` as they were given. */
export interface LabelListFlags extends NodeFlags {
  readonly output?: string;
}

/**
 * `muster label list`: prints the labels that a node tells of its cluster.
 *
 * @returns the exit code
 */
export async function runLabelList(flags: LabelListFlags): Promise<ExitCode> {
  const form = parseOutput(flags.output, ['text', 'json', 'yaml']);
  const node = nodeAccess(flags, process.env);
  if (!form.ok || !node.ok) return misused([...(form.ok ? [] : [form.error]), ...(node.ok ? [] : node.error)]);
  const output = standardOutput();
  const labels = await fetchLabels(node.value);
  if (!labels.ok) return failed('muster label list', labels.error.message);
  if (form.value === 'text') printLabels(labels.value, output);
  else output.write(documentText(labels.value, form.value));
  return ExitCode.ok;
}

/**
 * `muster label set`: adds labels, or gives them other values, and prints all of them.
 *
 * @param pairs each `key=value`
 * @returns the exit code
 */
export async function runLabelSet(pairs: readonly string[], flags: NodeFlags): Promise<ExitCode> {
  const labels = parseLabels(pairs);
  const node = nodeAccess(flags, process.env);
  if (!labels.ok || !node.ok) return misused([...(labels.ok ? [] : labels.error), ...(node.ok ? [] : node.error)]);
  const output = standardOutput();
  const patched = await patchLabels(node.value, labels.value);
  if (!patched.ok) return failed('muster label set', patched.error.message);
  printLabels(patched.value, output);
  return ExitCode.ok;
}

/**
 * `muster label unset`: takes labels away, and prints those that are left. One that was not there is said, and no failure.
 *
 * @returns the exit code
 */
export async function runLabelUnset(keys: readonly string[], flags: NodeFlags): Promise<ExitCode> {
  const problems = keys.flatMap((key) => {
    const problem = labelKeyProblem(key);
    return problem === undefined ? [] : [`label ${quote(key)}: the key ${problem}`];
  });
  const node = nodeAccess(flags, process.env);
  if (problems.length > 0 || !node.ok) return misused([...problems, ...(node.ok ? [] : node.error)]);
  const output = standardOutput();
  const before = await fetchLabels(node.value);
  if (!before.ok) return failed('muster label unset', before.error.message);
  for (const key of keys) {
    if (!Object.hasOwn(before.value, key)) process.stderr.write(`there is no label ${short(key)}\n`);
  }
  const patched = await patchLabels(node.value, Object.fromEntries(keys.map((key) => [key, null])));
  if (!patched.ok) return failed('muster label unset', patched.error.message);
  printLabels(patched.value, output);
  return ExitCode.ok;
}

/**
 * Reads labels.
 *
 * @returns them by their keys, or one line for every mistake, safe to print
 */
export function parseLabels(pairs: readonly string[]): Result<Labels, readonly string[]> {
  const labels = new Map<string, string>();
  const problems: string[] = [];
  for (const pair of pairs) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const problem = pair.includes('=') ? pairProblem(key, value, labels.has(key)) : 'must be KEY=VALUE';
    if (problem === undefined) labels.set(key, value);
    else problems.push(`label ${quote(pair)}: ${problem}`);
  }
  return problems.length > 0 ? err(problems) : ok(Object.fromEntries(labels));
}

function pairProblem(key: string, value: string, isThere: boolean): string | undefined {
  const ofKey = labelKeyProblem(key);
  if (ofKey !== undefined) return `the key ${ofKey}`;
  const ofValue = labelValueProblem(value);
  if (ofValue !== undefined) return `the value ${ofValue}`;
  return isThere ? 'the key is given twice' : undefined;
}

function printLabels(labels: Labels, output: StandardOutput): void {
  const lines = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  output.write(lines.map(([key, value]) => `${visible(`${key}=${value}`)}\n`).join(''));
}
