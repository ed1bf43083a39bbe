import { spawnSync } from 'node:child_process';

/**
 * Runs a command of the system to its end.
 *
 * @param input what it reads from standard input
 * @returns what it wrote to standard output
 * @throws {Error} when it can not be started or fails, with the command and what it said
 */
export function run(command: readonly [string, ...string[]], input = ''): string {
  const [file, ...args] = command;
  const { error, status, stdout, stderr } = spawnSync(file, args, { input, encoding: 'utf8' });
  const said = error?.message ?? stderr.trim();
  if (error !== undefined || status !== 0) throw new Error(`${command.join(' ')}: ${said || `exit ${status}`}`);
  return stdout;
}

/** Runs many `ip` commands with one process. The first that fails ends it. */
export function ip(lines: readonly string[], namespace?: string): void {
  const inside = namespace === undefined ? [] : ['-n', namespace];
  run(['ip', ...inside, '-batch', '-'], lines.join('\n'));
}
