/** Most characters of a foreign value that a message shows. */
const SHOWN = 80;

/** Takes out what could move a terminal's cursor, hide in a log or break a line: control, format, unseen and separator characters. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, '');
}

/** Foreign text as a message shows it: printable and shortened. */
export function short(text: string): string {
  const characters = Array.from(printable(text));
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join('')}…` : characters.join('');
}

/** A foreign value as a message shows it: printable, shortened and in double quotes. */
export function quote(text: string): string {
  return JSON.stringify(short(text));
}

/**
 * The candidate that is most like what was written, to ask "did you mean …?".
 *
 * @returns undefined when none is near: more than a third of the characters would have to change
 */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.floor(written.length / 3) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) >= least) continue;
    const distance = editDistance(written, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein's distance: characters to insert, delete or replace to make one text of the other. */
function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[right.length] ?? 0;
}
