import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import type { TestContext } from 'vitest';
import { eventually } from './eventually.ts';

const MUSTER = 'dist/src/cli/main.js';
const RUN_MS = 20_000;

/** A shell command that runs `muster` on a terminal, tells its pid before, and how it ended and left the terminal after. */
export function musterThere(args: readonly string[]): string {
  const muster = `echo "PID $$"; exec '${process.execPath}' ${MUSTER} ${args.join(' ')}`;
  return `sh -c '${muster.replaceAll("'", String.raw`'\''`)}'; echo "EXIT $?"; stty -a`;
}

/** A command on a terminal of its own, which `script` (bsdutils) makes: what it writes is read, and keys are pressed. */
export class Terminal {
  readonly ended: Promise<void>;
  readonly #script: ChildProcess;
  #written = '';

  /**
   * It ends with the test.
   *
   * @param command for a shell, such as {@link musterThere} gives
   */
  constructor({ onTestFinished }: TestContext, command: string, { columns = 100, rows = 30 } = {}) {
    const sized = `stty cols ${columns} rows ${rows}; ${command}`;
    const inherited = ['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name]]);
    this.#script = spawn('script', ['-qec', sized, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...Object.fromEntries(inherited), TERM: 'xterm-256color', SHELL: '/bin/sh' },
    });
    this.#script.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#written += text;
    });
    this.ended = new Promise((resolve) => this.#script.once('close', () => resolve()));
    onTestFinished(async () => {
      this.#script.kill('SIGKILL');
      await this.ended;
    });
  }

  /** All that was written, as it came. */
  get raw(): string {
    return this.#written;
  }

  /** The same without control sequences. */
  get text(): string {
    return stripVTControlCharacters(this.#written);
  }

  /** The process of the command. */
  get pid(): number {
    return Number(/PID (\d+)/.exec(this.#written)?.[1]);
  }

  press(keys: string): void {
    this.#script.stdin?.write(keys);
  }

  /**
   * Waits until something is written that was not there at a former moment.
   *
   * @param from how much of {@link Terminal.text} is old
   */
  async shows(what: RegExp, deadlineMs: number, from = 0): Promise<RegExpExecArray> {
    await eventually({
      what: `the terminal shows ${what}`,
      deadlineMs,
      read: () => this.text.slice(from),
      until: (text) => what.test(text),
      show: (text) => text.slice(-3_000),
    });
    const found = what.exec(this.text.slice(from));
    if (found === null) throw new Error('what was there is gone');
    return found;
  }
}

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
