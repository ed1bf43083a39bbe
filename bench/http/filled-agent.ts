import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { millis, nodeId } from '../../src/base/brands.ts';
import { ClientPool } from '../../src/node/client-pool.ts';
import { gossipService } from '../../src/node/service.ts';
import { TRAFFIC } from '../handshake/answerer.ts';
import { withoutSettings } from '../harness/environment.ts';
import { members } from '../harness/members.ts';

const ANY_PORT = '127.0.0.1:0';
/** It shall not try to reach the members that it is told of while it is measured. */
const NO_CYCLES = ['--gossip-interval', '10s', '--staleness-threshold', '90', '--dead-threshold', '100'];
/** It is asked as fast as can be. */
const NO_LIMIT = ['--http-rate', '1000000', '--http-burst', '1000000'];
/** Its first tries to reach them are over by then. */
const SETTLE_MS = 2_000;

/** A real agent that knows many members, none of which is there. */
export interface FilledAgent {
  readonly process: ChildProcess;
  /** `host:port` of its HTTP server. */
  readonly http: string;
}

/** Starts the command `muster` as an agent and tells it of members, so that it knows `count` with itself. */
export async function filledAgent(program: string, count: number): Promise<FilledAgent> {
  const flags = ['--node-id', 'measured', '--gossip-bind', ANY_PORT, '--http-bind', ANY_PORT, '--log-format', 'json'];
  const child = spawn(process.execPath, [program, 'agent', ...flags, ...NO_CYCLES, ...NO_LIMIT], {
    // It ends with this process, by its channel.
    env: withoutSettings(),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { gossip, http } = await new Promise<{ gossip: string; http: string }>((resolve, reject) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.includes('"msg":"ready"')) return;
      const { gossipAddress, httpAddress } = JSON.parse(line) as { gossipAddress: string; httpAddress: string };
      resolve({ gossip: gossipAddress, http: httpAddress });
    });
    child.once('close', (code) => reject(new Error(`the agent ended with ${code}`)));
  });
  const pool = new ClientPool(millis(10_000));
  const told = {
    source: nodeId('teller'),
    mesh: 'default',
    delta: members(count - 1),
    digest: new Map(),
    pushOnly: true,
  };
  const outcome = await pool.call(gossipService(TRAFFIC).sendDiff, gossip, 'fresh', told);
  pool.close();
  if (!outcome.ok) throw new Error(`the agent took no members: ${outcome.detail}`);
  await delay(SETTLE_MS);
  return { process: child, http };
}

/** Ends a process that this one started. */
export async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}
