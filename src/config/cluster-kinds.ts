import {
  endpointProblem,
  labelKeyProblem,
  labelValueProblem,
  MAX_ENDPOINT_BYTES,
  MAX_LABELS,
} from '../base/metadata.ts';
import { err, ok } from '../base/result.ts';
import { type GivenText, type Kind, type Quote, single } from './kind.ts';
import type { ConfigProblem, ConfigProblemCode } from './problem.ts';

/** The address of the cluster's API server, or empty. A refused one is shown without what stands before an `@`. */
export const ENDPOINT: Kind<string> = single({
  shape: 'text',
  expects: `an absolute http:// or https:// URL without credentials, of at most ${MAX_ENDPOINT_BYTES} bytes, or empty`,
  parse(given) {
    const problem = endpointProblem(given);
    return problem === undefined ? ok(given) : err(problem);
  },
  show: (value) => value,
  mask: (given) => given.replace(/^.*@/s, '…@'),
});

/** Labels with Kubernetes' rules. Every bad one is a problem of its own. */
export const LABELS: Kind<Readonly<Record<string, string>>> = {
  shape: 'map',
  expects: `a map of at most ${MAX_LABELS} labels, each key and value as Kubernetes allows them`,
  read(given, quote) {
    const labels = new Map<string, string>();
    const problems: ConfigProblem[] = [];
    for (const one of given) {
      const complain = (code: ConfigProblemCode, message: string) => problems.push({ code, source: one.at, message });
      const label = split(one);
      const problem = label === undefined ? undefined : labelProblem(label, quote);
      if (label === undefined) complain('MUSTER_CONFIG_VALUE', `must be KEY=VALUE, got ${quote(one.text)}`);
      else if (problem !== undefined) complain('MUSTER_CONFIG_VALUE', problem);
      else if (labels.has(label.key)) complain('MUSTER_CONFIG_DUPLICATE', `label ${quote(label.key)} is given twice`);
      else labels.set(label.key, label.value);
    }
    if (labels.size > MAX_LABELS) {
      const message = `must be at most ${MAX_LABELS} labels, got ${labels.size}`;
      problems.push({ code: 'MUSTER_CONFIG_VALUE', source: given[0]?.at ?? '', message });
    }
    return problems.length > 0 ? err(problems) : ok(Object.fromEntries(labels));
  },
  show: (labels) => labels,
};

interface Label {
  readonly key: string;
  readonly value: string;
}

function split({ name, text }: GivenText): Label | undefined {
  if (name !== undefined) return { key: name, value: text };
  const equals = text.indexOf('=');
  return equals < 0 ? undefined : { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

function labelProblem({ key, value }: Label, quote: Quote): string | undefined {
  const keyProblem = labelKeyProblem(key);
  if (keyProblem !== undefined) return `the key of a label ${keyProblem}, got ${quote(key)}`;
  const valueProblem = labelValueProblem(value);
  return valueProblem === undefined
    ? undefined
    : `the value of label ${quote(key)} ${valueProblem}, got ${quote(value)}`;
}
