import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');

/** What a load came to. */
export interface LoadResult {
  /** Requests that were answered with 2xx. */
  readonly '2xx': number;
  /** Requests that were answered otherwise. */
  readonly non2xx: number;
  /** Requests that were not answered: the connection failed or broke. */
  readonly errors: number;
  readonly timeouts: number;
}

interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** Connections at once. */
  readonly connections: number;
  /** Requests a second, all connections together. */
  readonly rate: number;
  /** Requests after which a connection is made anew. */
  readonly reconnectAfter: number;
}

/** Puts load on a server from a process of its own, so that the test's own requests are not in its way. */
export async function putLoad(load: Load): Promise<LoadResult> {
  const headers = Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const numbers = ['-c', load.connections, '-d', load.seconds, '-R', load.rate, '-D', load.reconnectAfter].map(String);
  const child = spawn(process.execPath, [AUTOCANNON, '-j', '-n', ...numbers, ...headers, load.url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child, 'close');
  return JSON.parse(output) as LoadResult;
}
