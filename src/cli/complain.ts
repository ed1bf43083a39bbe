import { ExitCode } from './exit-code.ts';

/** Says what was asked wrongly, a line for every mistake. They must be safe to print. */
export function misused(problems: readonly string[]): ExitCode {
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  return ExitCode.usage;
}

/**
 * Says in one line why a command could not do what it was asked.
 *
 * @param command as it is typed: `muster members`
 * @param message safe to print
 */
export function failed(command: string, message: string): ExitCode {
  process.stderr.write(`${command}: ${message}\n`);
  return ExitCode.failed;
}
