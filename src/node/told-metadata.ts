import { isDeepStrictEqual } from 'node:util';
import type { NodeMetadata } from '../base/metadata.ts';
import { metadataSizeProblem } from '../config/conflicts.ts';

/** What a node tells of its cluster, beside what its configuration has it tell. They differ in what was changed over HTTP. */
export interface ToldMetadata {
  readonly configured: NodeMetadata;
  readonly told: NodeMetadata;
}

/**
 * What a node tells under a new configuration, or under the same one after a restart: what was changed over HTTP stays until its own
 * setting changes.
 *
 * @param before under the former configuration; undefined when that is not known
 */
export function underConfiguration(configured: NodeMetadata, before: ToldMetadata | undefined): NodeMetadata {
  if (before === undefined) return configured;
  const labelsChanged = !isDeepStrictEqual({ ...configured.labels }, { ...before.configured.labels });
  const metadata: NodeMetadata = {
    apiEndpoint: (configured.apiEndpoint === before.configured.apiEndpoint ? before.told : configured).apiEndpoint,
    apiPort: (configured.apiPort === before.configured.apiPort ? before.told : configured).apiPort,
    labels: (labelsChanged ? configured : before.told).labels,
  };
  // An endpoint of the one and labels of the other may be too long together.
  return metadataSizeProblem(metadata) === undefined ? metadata : configured;
}
