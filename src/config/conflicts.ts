import type { NodeMetadata } from '../base/metadata.ts';
import type { Draft } from './draft.ts';
import type { ConfigProblem } from './problem.ts';
import type { SettingKey } from './settings.ts';
import { placeOf, type Source } from './source.ts';
import { printable } from './text.ts';

/**
 * Most bytes that the endpoint, the keys and the values of the labels may have together. A record's metadata may have 8,192 bytes as
 * encoded; MessagePack adds at most 357 to the text (64 labels with 5 each, and 37 for the frame around them).
 */
const MAX_METADATA_TEXT = 7_800;

/** The two thresholds in the wrong order are one mistake; it is laid to the one that was given, the dead threshold first. */
export function thresholdProblems(draft: Draft): ConfigProblem[] {
  const staleness = draft.find('gossip.stalenessThreshold');
  const dead = draft.find('gossip.deadThreshold');
  const stalenessSource = draft.source('gossip.stalenessThreshold');
  const deadSource = draft.source('gossip.deadThreshold');
  if (staleness === undefined || dead === undefined || stalenessSource === undefined || deadSource === undefined)
    return [];
  if (dead > staleness) return [];
  const code = 'MUSTER_CONFIG_CONFLICT';
  if (deadSource.kind === 'default') {
    const message = `must be less than the dead threshold (${origin(dead, deadSource, 'gossip.deadThreshold')}), got "${staleness}"`;
    return [{ code, source: placeOf(stalenessSource, 'gossip.stalenessThreshold'), message }];
  }
  const other = origin(staleness, stalenessSource, 'gossip.stalenessThreshold');
  const message = `must be greater than the staleness threshold (${other}), got "${dead}"`;
  return [{ code, source: placeOf(deadSource, 'gossip.deadThreshold'), message }];
}

function origin(value: number, source: Source, key: SettingKey): string {
  return `${value}, ${source.kind === 'default' ? 'the default' : `from ${printable(placeOf(source, key))}`}`;
}

/** Metadata that no peer would take is a mistake here, not a surprise on the wire. */
export function metadataProblems(draft: Draft): ConfigProblem[] {
  const labels = draft.find('cluster.labels');
  const source = draft.source('cluster.labels');
  if (labels === undefined || source === undefined) return [];
  const message = metadataSizeProblem({ apiEndpoint: draft.find('cluster.apiEndpoint') ?? '', labels });
  if (message === undefined) return [];
  return [{ code: 'MUSTER_CONFIG_METADATA_SIZE', source: placeOf(source, 'cluster.labels'), message }];
}

/** Why metadata are too long to be gossiped, in words that follow the name of the labels; undefined when they are not. */
export function metadataSizeProblem(metadata: Pick<NodeMetadata, 'apiEndpoint' | 'labels'>): string | undefined {
  const texts = [metadata.apiEndpoint, ...Object.entries(metadata.labels).flat()];
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  if (size <= MAX_METADATA_TEXT) return undefined;
  return `must be shorter: the labels and the API endpoint may have ${MAX_METADATA_TEXT} characters together, got ${size}`;
}
