import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { err, type Result } from '../../src/base/result.ts';
import { nearest, printable, quote } from '../../src/config/text.ts';
import { parseScenario } from './parse.ts';
import type { Scenario } from './scenario.ts';

const SHIPPED = join(import.meta.dirname, '../scenarios');
const ENDING = '.txt';

/** The names of the scenarios that come with the program, sorted. */
export async function shippedScenarios(): Promise<readonly string[]> {
  const files = await readdir(SHIPPED);
  return files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => basename(file, ENDING))
    .toSorted();
}

/**
 * Reads a scenario: a shipped one by its name, any other by the path of its file.
 *
 * @returns the scenario, or a line for every reason why there is none
 */
export async function loadScenario(nameOrPath: string): Promise<Result<Scenario, readonly string[]>> {
  const shipped = await shippedScenarios();
  const isPath = /[/\\.]/.test(nameOrPath);
  if (!isPath && !shipped.includes(nameOrPath)) {
    const like = nearest(nameOrPath, shipped);
    const hint = like === undefined ? `there are ${shipped.join(', ')}` : `did you mean ${like}?`;
    return err([
      `there is no scenario ${quote(nameOrPath)}: ${hint} (for a file, write its path, such as ./${printable(nameOrPath)}.txt)`,
    ]);
  }
  const path = isPath ? nameOrPath : join(SHIPPED, `${nameOrPath}${ENDING}`);
  try {
    return parseScenario(await readFile(path, 'utf8'), printable(isPath ? path : `${nameOrPath}${ENDING}`));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return err([`${printable(path)}: can not be read: ${printable(error.message)}`]);
  }
}
