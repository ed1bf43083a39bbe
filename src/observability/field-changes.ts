import type { NodeMetadata } from '../base/metadata.ts';

/** What a member tells of itself and its cluster. */
export interface Facts {
  readonly address: string;
  readonly metadata: NodeMetadata;
}

/** One thing that a member tells otherwise than before. `from` is absent for what is new, `to` for what is gone. */
export interface FieldChange {
  readonly field: 'apiEndpoint' | 'apiPort' | 'address' | 'label';
  /** The key of a label; absent for other fields. */
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Compares what a member told with what it tells now, labels in the order of their keys. */
export function fieldChanges(before: Facts, now: Facts): readonly FieldChange[] {
  const was = before.metadata;
  const is = now.metadata;
  return [
    ...change('apiEndpoint', was.apiEndpoint, is.apiEndpoint),
    ...change('apiPort', String(was.apiPort), String(is.apiPort)),
    ...change('address', before.address, now.address),
    ...labelChanges(was.labels, is.labels),
  ];
}

function change(field: FieldChange['field'], from: string, to: string): readonly FieldChange[] {
  return from === to ? [] : [{ field, from, to }];
}

function labelChanges(was: NodeMetadata['labels'], is: NodeMetadata['labels']): readonly FieldChange[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  return keys.flatMap((key): FieldChange[] => {
    const from = Object.hasOwn(was, key) ? was[key] : undefined;
    const to = Object.hasOwn(is, key) ? is[key] : undefined;
    if (from === to) return [];
    return [{ field: 'label', key, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  });
}
