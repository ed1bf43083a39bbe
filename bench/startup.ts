import { spawn } from 'node:child_process';
import type { Bench } from './harness/bench.ts';
import { compare } from './harness/compare.ts';
import { withoutSettings } from './harness/environment.ts';

const BARE = 'Node.js printing a line';

/** From exec to the line that says `ready`, against Node.js printing a line. */
export const startup: Bench = async ({ runs, program }) => {
  const anyPort = '127.0.0.1:0';
  const agent = [program, 'agent', '--gossip-bind', anyPort, '--http-bind', anyPort, '--log-format', 'json'];
  return compare(
    [
      { what: BARE, unit: 'ms', measure: async () => untilSaid(['--eval', 'console.log("ready")'], 'ready') },
      { what: 'agent ready', unit: 'ms', against: BARE, measure: async () => untilSaid(agent, '"msg":"ready"') },
    ],
    runs,
  );
};

/** Starts Node.js and waits until it has written the words. @returns ms */
async function untilSaid(args: readonly string[], words: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: withoutSettings(), stdio: ['ignore', 'pipe', 'inherit'] });
  const took = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes(words)) resolve(performance.now() - startedAt);
    });
    child.once('close', () => reject(new Error(`${args.join(' ')} ended without a word of ${words}`)));
  });
  child.kill('SIGKILL');
  return took;
}
