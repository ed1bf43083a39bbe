import { run } from './command.ts';

/** Every namespace of the suite begins so, then comes the process that answers for it. */
const PREFIX = 'muster-e2e-';
const OWNER = new RegExp(`^${PREFIX}(\\d+)-`);

/** The name of a namespace that belongs to this process. */
export function namespaceName(name: string): string {
  return `${PREFIX}${process.pid}-${name}`;
}

/**
 * Removes namespaces of the suite, with the links and filters in them, whose processes no longer run: what a run left behind that was
 * killed.
 */
export function sweepNamespaces(): void {
  for (const name of namespaces()) {
    const owner = Number(OWNER.exec(name)?.[1]);
    if (!isRunning(owner)) run(['ip', 'netns', 'delete', name]);
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
