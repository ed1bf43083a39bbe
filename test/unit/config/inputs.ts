import type { EffectiveConfig } from '../../../src/config/effective.ts';
import { type ConfigInput, loadConfig } from '../../../src/config/load.ts';
import { type ConfigProblem, formatProblem } from '../../../src/config/problem.ts';

/** What a test says about its input; the rest is a quiet host named `host-1` with one IPv4 and one IPv6 address. */
export interface Given extends Partial<ConfigInput> {
  /** The text of `muster.yaml`, given with `--config`. */
  readonly file?: string;
}

const INTERFACES: ConfigInput['interfaces'] = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  eth0: [
    { address: '169.254.7.7', family: 'IPv4', internal: false },
    { address: '10.0.3.7', family: 'IPv4', internal: false },
    { address: 'fe80::1', family: 'IPv6', internal: false },
    { address: '2001:db8::7', family: 'IPv6', internal: false },
  ],
};

function load({ file, flags = {}, ...rest }: Given = {}): ReturnType<typeof loadConfig> {
  return loadConfig({
    flags: file === undefined ? flags : { ...flags, config: 'muster.yaml' },
    env: {},
    hostname: 'host-1',
    interfaces: INTERFACES,
    terminal: false,
    readFile: () => file ?? '',
    ...rest,
  });
}

/** The configuration of an input that must be good. */
export function configOf(given: Given = {}): EffectiveConfig {
  const result = load(given);
  if (!result.ok) throw new Error(result.error.map(formatProblem).join('\n'));
  return result.value;
}

export function problemsOf(given: Given): readonly ConfigProblem[] {
  const result = load(given);
  return result.ok ? [] : result.error;
}

/** The lines that a user would read. */
export function linesOf(given: Given): string[] {
  return problemsOf(given).map(formatProblem);
}
