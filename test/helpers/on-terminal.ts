import { spawn } from 'node:child_process';
import { once } from 'node:events';

const MUSTER = 'dist/src/cli/main.js';
const RUN_MS = 20_000;

/** What somebody at a terminal has seen, and how the command ended. */
export interface Session {
  readonly screen: string;
  readonly code: number | null;
}

interface SessionOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed when the command asks. */
  readonly answer?: string;
}

/**
 * Runs `muster` on a terminal of its own, by `script` of util-linux, which every Debian has.
 *
 * @param args plain words: a shell reads them
 */
export async function onTerminal(args: readonly string[], { env = {}, answer }: SessionOptions = {}): Promise<Session> {
  const command = [process.execPath, MUSTER, ...args].join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  let isAnswered = false;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    screen += text;
    if (answer === undefined || isAnswered || !screen.includes('[y/N]')) return;
    isAnswered = true;
    child.stdin.write(answer);
  });
  const overdue = setTimeout(() => child.kill('SIGKILL'), RUN_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(overdue);
  return { screen, code };
}
