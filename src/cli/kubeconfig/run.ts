import { homedir } from 'node:os';
import { delimiter } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { printable } from '../../config/text.ts';
import { failed, misused } from '../complain.ts';
import { confirm } from '../confirm.ts';
import { ExitCode } from '../exit-code.ts';
import { fetchMemberlist } from '../memberlist-client.ts';
import { standardOutput } from '../standard-output.ts';
import { visible } from '../terminal-text.ts';
import { KubeconfigDocument } from './document.ts';
import { type Entry, entriesOf } from './entries.ts';
import { readConfig, replaceConfig } from './file.ts';
import { type KubeconfigFlags, type KubeconfigRequest, parseKubeconfigFlags } from './flags.ts';
import { applyEntries, type MergePlan, planMerge } from './merge.ts';

const COMMAND = 'muster kubeconfig';

/**
 * `muster kubeconfig`: makes a kubeconfig with a cluster and a context for every HEALTHY member, on standard output or in a file.
 *
 * @returns the exit code; `unmet` when there is no member to make an entry of
 */
export async function runKubeconfig(flags: KubeconfigFlags): Promise<ExitCode> {
  const parsed = parseKubeconfigFlags(flags, process.env, { home: homedir(), delimiter });
  if (!parsed.ok) return misused(parsed.error);
  const request = parsed.value;
  const { node, selector, target } = request;
  const output = standardOutput();
  const fetched = await fetchMemberlist(node.url, { selector, states: ['HEALTHY'], token: node.token });
  if (!fetched.ok) return failed(COMMAND, fetched.error.message);
  // A node that does not know the parameter, or lies, may tell of others too.
  const healthy = fetched.value.members.filter(({ peerState }) => peerState === 'HEALTHY');
  const { entries, warnings } = entriesOf(healthy);
  for (const warning of warnings) process.stderr.write(`${COMMAND}: ${warning}\n`);
  if (entries.length === 0) {
    failed(COMMAND, 'there is no HEALTHY member to make an entry of');
    return ExitCode.unmet;
  }
  if (target === undefined) {
    output.write(freshText(entries));
    return ExitCode.ok;
  }
  const written = await (target.merge ? merge : replace)(target.path, entries, request);
  if (!written.ok) return failed(COMMAND, written.error);
  output.write(`${printable(target.path)}: ${written.value}\n`);
  return ExitCode.ok;
}

/** What has been written, or why nothing was; safe to print. */
type Outcome = Promise<Result<string, string>>;

async function merge(path: string, entries: readonly Entry[], { yes }: KubeconfigRequest): Outcome {
  const read = await readConfig(path);
  if (!read.ok) return read;
  const document = KubeconfigDocument.parse(read.value ?? '');
  if (!document.ok) return err(`${printable(path)} ${document.error}; it is left as it is`);
  const plan = planMerge(document.value, entries);
  const outcome = summary(plan);
  if (plan.added.length === 0 && plan.replaced.length === 0) return ok(outcome);
  if (plan.replaced.length > 0 && !yes) {
    for (const { kind, name, from, to } of plan.replaced) {
      process.stderr.write(`${visible(`${kind} ${name}: ${from || 'none'} -> ${to}`)}\n`);
    }
    const refusal = await consent(`Replace what ${printable(path)} has by these names?`, 'nothing was changed');
    if (refusal !== undefined) return err(refusal);
  }
  applyEntries(document.value, entries);
  const written = await replaceConfig(path, read.value, document.value.toString());
  return written.ok ? ok(outcome) : written;
}

async function replace(path: string, entries: readonly Entry[], { yes }: KubeconfigRequest): Outcome {
  const read = await readConfig(path);
  if (!read.ok) return read;
  const text = freshText(entries);
  if (read.value !== undefined && read.value !== text && !yes) {
    const refusal = await consent(
      `Replace all that ${printable(path)} holds? --merge would keep it.`,
      'nothing was changed',
    );
    if (refusal !== undefined) return err(refusal);
  }
  const written = await replaceConfig(path, read.value, text);
  return written.ok ? ok(`${entries.length} ${entries.length === 1 ? 'cluster' : 'clusters'}`) : written;
}

/** Asks. Undefined for a yes, else what to say. */
async function consent(question: string, afterNo: string): Promise<string | undefined> {
  const answer = await confirm(question);
  if (answer === 'yes') return undefined;
  return answer === 'no' ? afterNo : `${question} Say --yes, as there is no terminal to ask on; ${afterNo}`;
}

function freshText(entries: readonly Entry[]): string {
  const document = KubeconfigDocument.empty();
  applyEntries(document, entries);
  return document.toString();
}

function summary({ added, replaced, unchanged }: MergePlan): string {
  const names = new Set(replaced.map(({ name }) => name));
  return `${added.length} added, ${names.size} replaced, ${unchanged.length} unchanged`;
}
