import { escapedJson } from './terminal-text.ts';
import { stringifyYaml } from './yaml-text.ts';

/** Forms for programs, in which an answer is printed whole. */
export type DocumentForm = 'json' | 'yaml';

/** An answer of a node as a document that can be shown on a terminal. */
export function documentText(value: unknown, form: DocumentForm): string {
  return form === 'json' ? `${escapedJson(JSON.stringify(value, null, 2))}\n` : stringifyYaml(value);
}
