import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All TypeScript files below a folder, with their text. */
export function sourceFiles(folder: string): { readonly path: string; readonly text: string }[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}
