import { ExitCode } from './exit-code.ts';

/**
 * Waits for SIGTERM or SIGINT. The second signal ends the process at once. A process that was started with a channel to its parent,
 * as the nodes of `muster demo` are, takes the end of that channel for a signal: it does not outlive its parent.
 *
 * @returns the name of what came
 */
export async function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (what: string): void => {
      if (asked) process.exit(ExitCode.failed);
      asked = true;
      resolve(what);
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
    if (process.channel === undefined) return;
    process.once('disconnect', () => ask('disconnect'));
    process.channel.unref();
  });
}
