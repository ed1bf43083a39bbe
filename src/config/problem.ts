import { printable } from './text.ts';

/** Every kind of mistake that a configuration can hold, by its stable code. */
export const CONFIG_PROBLEMS = Object.freeze({
  MUSTER_CONFIG_VALUE: 'A value does not follow the rules of its setting.',
  MUSTER_CONFIG_TYPE:
    'The file holds another type of value than the setting takes, such as a list where text is expected.',
  MUSTER_CONFIG_DUPLICATE: 'A key of the file or a label is given twice.',
  MUSTER_CONFIG_CONFLICT: 'Two settings, each allowed by itself, contradict each other.',
  MUSTER_CONFIG_METADATA_SIZE: 'The endpoint and the labels together are too long to be gossiped.',
  MUSTER_CONFIG_NO_ROUTABLE_ADDRESS: 'The node listens on every address, and the host has none to advertise.',
  MUSTER_CONFIG_HTTP_OPEN: 'The HTTP server would be open to other machines, and nobody said that it may be.',
  MUSTER_CONFIG_INCOMPLETE: 'A setting is given that means nothing without another.',
  MUSTER_CONFIG_UNKNOWN_KEY: 'The file holds a key that is no setting.',
  MUSTER_CONFIG_UNKNOWN_VARIABLE: 'The environment holds a MUSTER_ variable that is no setting.',
  MUSTER_CONFIG_FILE_UNREADABLE: 'The file can not be read.',
  MUSTER_CONFIG_FILE_SYNTAX: 'The file is not YAML, or uses a part of YAML that is not taken here.',
});

export type ConfigProblemCode = keyof typeof CONFIG_PROBLEMS;

/** One mistake in the configuration. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  /** Where it was made, as its author wrote it: `--gossip-factor`, `MUSTER_GOSSIP_FACTOR`, `muster.yaml:12 gossip.factor`. */
  readonly source: string;
  /** What was expected and what was given, in words that follow the source. Safe to print. */
  readonly message: string;
}

/** One line for people: `--gossip-factor: must be a whole number from 1 to 100, got "0"`. */
export function formatProblem(problem: ConfigProblem): string {
  return `${printable(problem.source)}: ${problem.message}`;
}
