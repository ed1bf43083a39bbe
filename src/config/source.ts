import { printable } from './text.ts';

/** Where a value came from. */
export type Source =
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  /** `path` as the user wrote it; `line` counts from 1. */
  | { readonly kind: 'file'; readonly path: string; readonly line: number }
  | { readonly kind: 'default' };

/** A source in words, printable and on one line: `flag --mesh`, `environment MUSTER_MESH`, `file muster.yaml:3`, `default`. */
export function describeSource(source: Source): string {
  switch (source.kind) {
    case 'flag':
    case 'environment':
      return `${source.kind} ${source.name}`;
    case 'file':
      return `file ${printable(source.path)}:${source.line}`;
    case 'default':
      return 'default';
  }
}

/** Where a problem with the value of `key` lies, as its author wrote it. */
export function placeOf(source: Source, key: string): string {
  switch (source.kind) {
    case 'flag':
    case 'environment':
      return source.name;
    case 'file':
      return `${source.path}:${source.line} ${key}`;
    case 'default':
      return `default of ${key}`;
  }
}
