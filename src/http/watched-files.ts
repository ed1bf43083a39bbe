import { type StatsListener, unwatchFile, watchFile } from 'node:fs';

/**
 * How often the files are looked at. Looking finds a change however it was made: written in place, renamed over, or by a link of
 * a link as Kubernetes mounts its secrets.
 */
const POLL_MS = 1_000;

/**
 * Calls back after one of the files has changed. It keeps no process alive.
 *
 * @returns ends the watch
 */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  const listener: StatsListener = (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) changed();
  };
  for (const path of paths) watchFile(path, { interval: POLL_MS, persistent: false }, listener);
  return () => {
    for (const path of paths) unwatchFile(path, listener);
  };
}
