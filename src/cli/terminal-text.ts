/**
 * Characters that a terminal obeys, or that nobody can see: controls (C0, DEL, C1), direction marks, zero-width and other ignorable
 * characters, separators of lines, lone surrogates, private and unassigned ones.
 */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Marks that stand above, below or around the character before them. */
const MARK = /^[\p{Mn}\p{Me}]$/u;

/** Characters that take two columns: East Asian wide and full-width ones, and emoji. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Foreign text fit for a terminal: every character of {@link UNSAFE} is replaced by U+FFFD, so that it is seen that one was there. */
export function visible(text: string): string {
  return text.replaceAll(UNSAFE, '\uFFFD');
}

/**
 * JSON text in which unsafe characters are written as escapes, so that it means the same and can be shown on a terminal. The line
 * breaks of its layout stay.
 */
export function escapedJson(json: string): string {
  return json.replaceAll(UNSAFE, (character) => (character === '\n' ? character : escaped(character)));
}

/** Tells whether a text holds a character that must not reach a terminal as it is. */
export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}

/** Columns of a terminal that a text without unsafe characters takes. */
export function columnsOf(text: string): number {
  // Most text is plain ASCII: one column each.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/** The text when it takes at most `columns` columns, else as much of its beginning as leaves room for an ellipsis. */
export function truncated(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let taken = 0;
  for (const character of text) {
    taken += columnsOfCharacter(character);
    if (taken > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function columnsOfCharacter(character: string): number {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** A character as escapes of JSON, one for each UTF-16 unit. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
