import { getHeapStatistics } from 'node:v8';

/** Bytes that a mesh takes for each pair of its nodes: one that forms and is watched, as measured with 1,000 nodes. */
const FORMING = 1_500;
/** The same for one that need not form and is not watched, with 10,000. */
const FORMED = 30;
/** Bytes that the program takes besides. */
const PROGRAM = 200 * 2 ** 20;

/**
 * Looks ahead whether a mesh fits into the memory that Node.js may use; where it does not, the process would end in the middle of a run.
 *
 * @param formed whether it need not form and is not watched
 * @param limit bytes of the JavaScript heap
 * @returns why it does not and what to do about it, in words that follow the name of the flag; undefined when it does
 */
export function lackOfMemory(
  nodes: number,
  formed: boolean,
  limit = getHeapStatistics().heap_size_limit,
): string | undefined {
  const wanted = nodes ** 2 * (formed ? FORMED : FORMING);
  if (wanted + PROGRAM <= limit) return undefined;
  const megabytes = Math.ceil((wanted + PROGRAM) / 2 ** 20);
  const way = `NODE_OPTIONS=--max-old-space-size=${megabytes} in the environment lets it take that much`;
  const instead = formed ? '' : "; 'muster sim size' needs a fiftieth of it";
  return `a mesh of ${nodes} takes some ${megabytes} MiB of memory, and Node.js may take ${Math.floor(limit / 2 ** 20)}: ${way}${instead}`;
}
