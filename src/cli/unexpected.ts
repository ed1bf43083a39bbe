import { writeSync } from 'node:fs';
import { printable } from '../config/text.ts';

const STANDARD_ERROR = 2;

/**
 * Says on standard error what nobody has foreseen, as one line: `muster: …`. The stack trace comes with it only where debugging was
 * asked for. It is written at once, so the process may end right after.
 */
export function reportUnexpected(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const stack = wantsStack(process.argv, process.env) && error instanceof Error ? `${error.stack}\n` : '';
  try {
    writeSync(STANDARD_ERROR, `muster: ${printable(message.replaceAll('\n', ' '))}\n${stack}`);
  } catch {
    // Standard error is closed or full: there is nobody to tell.
  }
}

/** Tells whether the command line or the environment asks for the log level debug, or for the one below it. */
export function wantsStack(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const asked = argv.flatMap((word, at) =>
    word === '--log-level'
      ? [argv[at + 1]]
      : word.startsWith('--log-level=')
        ? [word.slice('--log-level='.length)]
        : [],
  );
  const level = asked.at(-1) ?? env['MUSTER_LOG_LEVEL'];
  return level === 'debug' || level === 'trace';
}
