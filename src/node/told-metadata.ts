import { isDeepStrictEqual } from 'node:util';
import type { NodeMetadata } from '../base/metadata.ts';
import { metadataSizeProblem } from '../config/conflicts.ts';
import { encodeMetadata } from '../wire/metadata.ts';

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

/** What a node tells of its cluster, and what of it was changed over HTTP. */
export class OwnMetadata {
  #configured: NodeMetadata;
  #told: NodeMetadata;

  constructor(configured: NodeMetadata) {
    this.#configured = configured;
    this.#told = configured;
  }

  get told(): NodeMetadata {
    return this.#told;
  }

  /** Encoded, as it travels. */
  get encoded(): Uint8Array {
    return encodeMetadata(this.#told);
  }

  /** What a restart has to know; undefined while it tells what is configured. */
  get otherwise(): ToldMetadata | undefined {
    const [configured, told] = [this.#configured, this.#told];
    return sayTheSame(configured, told) ? undefined : { configured, told };
  }

  /** Tells something else from now on. @returns whether that is news */
  tell(metadata: NodeMetadata): boolean {
    const isNews = !sayTheSame(metadata, this.#told);
    this.#told = metadata;
    return isNews;
  }

  /** Goes on with what was told before a restart. */
  restore(before: ToldMetadata | undefined): void {
    this.#told = underConfiguration(this.#configured, before);
  }

  /** Takes a new configuration. @returns what it tells from then on, which has yet to be told */
  configure(configured: NodeMetadata): NodeMetadata {
    const before = { configured: this.#configured, told: this.#told };
    this.#configured = configured;
    return underConfiguration(configured, before);
  }
}

function sayTheSame(one: NodeMetadata, other: NodeMetadata): boolean {
  return Buffer.compare(encodeMetadata(one), encodeMetadata(other)) === 0;
}
