import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const CHUNK_BYTES = 1 << 20;
/** Far more than an input of the largest mesh takes. What has no line break within that is no recording. */
const MAX_LINE_CHARACTERS = 1 << 27;

/**
 * Reads a file line by line, so that a recording of hours needs the memory of one line. Each line comes with its line break; the last
 * one without, if the file ends without.
 *
 * @throws {Error} as of `node:fs` when the file can not be read; a RangeError when a line has no end
 */
export function* readLines(path: string): Generator<string, void> {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest = '';
    let line = 1;
    for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
      const pieces = decoder.write(chunk.subarray(0, bytes)).split('\n');
      const last = pieces.pop() ?? '';
      for (const piece of pieces) {
        yield `${rest}${piece}\n`;
        rest = '';
        line += 1;
      }
      rest += last;
      if (rest.length > MAX_LINE_CHARACTERS)
        throw new RangeError(`line ${line} has more than ${MAX_LINE_CHARACTERS} characters`);
    }
    rest += decoder.end();
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}
