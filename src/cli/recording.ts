import { err, ok, type Result } from '../base/result.ts';
import { quote } from '../config/text.ts';
import { RecordingFile } from '../node/recording-file.ts';

/**
 * Makes the file of `--record`.
 *
 * @returns the file, or one line for people that says why there is none
 */
export async function createRecording(path: string): Promise<Result<RecordingFile, string>> {
  try {
    return ok(await RecordingFile.create(path));
  } catch (error) {
    return err(`--record: ${reasonOf(error, path)}`);
  }
}

function reasonOf(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST') return `there is a file ${quote(path)} already; a recording needs a new one`;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no directory for ${quote(path)}`;
  return `${quote(path)} can not be made (${String(code ?? error)})`;
}
