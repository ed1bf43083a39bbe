/** Where a command writes, and how. */
export interface StandardOutput {
  /** True on a terminal: what is written can be overwritten. */
  readonly terminal: boolean;
  readonly color: boolean;
  /** Size of the terminal in characters; undefined where there is none. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
  write(text: string): void;
  /** Aborted when the reader has gone, as `head` does: nobody wants more. */
  readonly closed: AbortSignal;
  /** Calls back when the terminal has got another size. */
  onResize(listener: () => void): void;
}

/** Standard output for a command. From then on a reader that goes away is no error. Call it once in a process. */
export function standardOutput(): StandardOutput {
  const { stdout, env } = process;
  const closed = new AbortController();
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed.abort();
  });
  return {
    terminal: stdout.isTTY,
    color: stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    size: () => (stdout.isTTY ? { columns: stdout.columns || 80, rows: stdout.rows || 24 } : undefined),
    write: (text) => {
      if (!closed.signal.aborted) stdout.write(text);
    },
    closed: closed.signal,
    onResize: (listener) => {
      stdout.on('resize', listener);
    },
  };
}
