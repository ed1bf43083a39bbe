import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunData } from '../measure/run-data.ts';
import { renderHtml } from './html.ts';

/**
 * Writes `report.html`, a page for people, and `report.json`, `{ runs: RunData[] }`, into a directory that is made if need be.
 *
 * @returns the paths of the files
 */
export async function writeReport(directory: string, runs: readonly RunData[]): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true });
  const page = join(directory, 'report.html');
  const data = join(directory, 'report.json');
  await writeFile(page, await renderHtml(runs));
  await writeFile(data, `${JSON.stringify({ runs })}\n`);
  return [page, data];
}
