import { Document, isScalar, Scalar, visit } from 'yaml';
import { escapedJson, isUnsafe } from './terminal-text.ts';

/**
 * Plain data as YAML that can be shown on a terminal: strings with characters that a terminal obeys or hides stand in double quotes,
 * with those characters as escapes.
 */
export function stringifyYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string' && isUnsafe(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  // Within double quotes YAML reads JSON's escapes; nowhere else is anything left to escape.
  return escapedJson(document.toString({ lineWidth: 0, doubleQuotedAsJSON: true }));
}
