import { readFileSync } from 'node:fs';
import { run } from './command.ts';

/** Every namespace of the suite begins so, then comes the process that answers for it. */
const PREFIX = 'muster-e2e-';
const OWNER = new RegExp(`^${PREFIX}(\\d+)-`);

/** The name of a namespace, or of a file system's source, that belongs to this process. */
export function namespaceName(name: string): string {
  return `${PREFIX}${process.pid}-${name}`;
}

/**
 * Removes namespaces of the suite, with the links and filters in them, and its file systems, whose processes no longer run: what a run
 * left behind that was killed.
 */
export function sweepNamespaces(): void {
  for (const name of namespaces()) {
    const owner = Number(OWNER.exec(name)?.[1]);
    if (!isRunning(owner)) run(['ip', 'netns', 'delete', name]);
  }
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [source = '', path = ''] = line.split(' ');
    if (OWNER.test(source) && !isRunning(Number(OWNER.exec(source)?.[1]))) run(['umount', '--lazy', path]);
  }
}

function namespaces(): readonly string[] {
  const names = run(['ip', 'netns', 'list']).split('\n');
  return names.flatMap((line) => line.split(' ')[0] ?? []).filter((name) => OWNER.test(name));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
