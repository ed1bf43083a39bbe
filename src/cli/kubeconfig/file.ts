import { mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { err, ok, type Result } from '../../base/result.ts';
import { printable, short } from '../../config/text.ts';

/** For its owner alone: others' entries may be credentials. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Reads a kubeconfig's file.
 *
 * @returns its text, undefined when there is no file, or why it can not be read, safe to print
 */
export async function readConfig(path: string): Promise<Result<string | undefined, string>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ok(undefined);
    return err(`${printable(path)} can not be read: ${reasonOf(error)}`);
  }
}

/**
 * Writes a kubeconfig's file, whole or not at all, under the lock that kubectl uses, and makes it for its owner alone.
 *
 * @param before what the file held when it was looked at; it is left as it is when it holds something else by now
 * @returns why it was not written, safe to print
 */
export async function replaceConfig(
  path: string,
  before: string | undefined,
  text: string,
): Promise<Result<undefined, string>> {
  const lock = `${path}.lock`;
  const refused = await takeLock(path, lock);
  if (refused !== undefined) return err(refused);
  try {
    const now = await readConfig(path);
    if (!now.ok) return now;
    if (now.value !== before) return err(`${printable(path)} has changed meanwhile, and is left as it is`);
    await writeFileAtomic(path, text, { mode: FILE_MODE });
    return ok(undefined);
  } catch (error) {
    return err(notWritten(path, error));
  } finally {
    await unlink(lock);
  }
}

/** Undefined when the lock is ours, else why not. */
async function takeLock(path: string, lock: string): Promise<string | undefined> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  } catch (error) {
    return notWritten(path, error);
  }
  try {
    await (await open(lock, 'wx', 0)).close();
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return notWritten(path, error);
    return `${printable(path)} is being changed by another program; if none runs, remove ${printable(lock)}`;
  }
}

function notWritten(path: string, error: unknown): string {
  return `${printable(path)} can not be written: ${reasonOf(error)}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  return short(error instanceof Error ? error.message : String(error));
}
