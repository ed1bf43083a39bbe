import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** The command as it is shipped. */
const MUSTER = 'dist/src/cli/main.js';
/** A command that is to end by itself may take this long. */
const RUN_MS = 20_000;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a command that has ended left behind. */
export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is started. */
export interface ProgramOptions {
  /** Variables beside the few that every program needs. Nothing else of this process's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the program with this process, even if this one is killed. */
  readonly bound?: boolean;
  /** A command before it, which takes the program's place where it is to run: `ip netns exec NAME`. */
  readonly inside?: readonly string[];
}

/** Starts `muster`. Settings and proxies of whoever runs the tests do not reach it. */
export function startMuster(
  args: readonly string[],
  options: ProgramOptions = {},
): ChildProcessByStdio<null, Readable, Readable> {
  const inherited = ['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name]]);
  const command = [...(options.inside ?? []), process.execPath, MUSTER, ...args];
  const child = spawn(command[0] ?? process.execPath, command.slice(1), {
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', ...(options.bound === true ? (['ipc'] as const) : [])],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  return child;
}

/** Waits until a process has ended and all that it wrote has been read. */
export async function exitOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Exit> {
  const [code, signal] = (await once(child, 'close')) as [Exit['code'], Exit['signal']];
  return { code, signal };
}

/** Runs `muster` to its end. One that does not end is killed, which its exit then shows. */
export async function runMuster(args: readonly string[], options: ProgramOptions = {}): Promise<Finished> {
  const child = startMuster(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.on('data', (text: string) => {
    stderr += text;
  });
  const overdue = setTimeout(() => child.kill('SIGKILL'), RUN_MS);
  const exit = await exitOf(child);
  clearTimeout(overdue);
  return { ...exit, stdout, stderr };
}
