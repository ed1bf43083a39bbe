import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Program } from './agent.ts';
import { setTag } from './serf-rpc.ts';
import type { Sight } from './sightings.ts';

/** Ports in the mesh's own network namespace. */
const FIRST_PORT = 20_000;

const SIGHTS: Readonly<Record<string, Sight>> = {
  EventMemberJoin: 'appeared',
  EventMemberUpdate: 'updated',
  EventMemberFailed: 'dead',
  EventMemberLeave: 'left',
};

/** Serf with its defaults: the LAN profile. */
export const serfProgram: Program = {
  name: 'Serf',
  start: async (number, join, saw) => {
    const id = `node-${number}`;
    const address = `127.0.0.1:${FIRST_PORT + 2 * number}`;
    const rpc = { host: '127.0.0.1', port: FIRST_PORT + 2 * number + 1 };
    const joining = join === undefined ? [] : [`-join=${join}`];
    const flags = [`-node=${id}`, `-bind=${address}`, `-rpc-addr=${rpc.host}:${rpc.port}`, ...joining];
    const child = spawn('serf', ['agent', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    const partOfIt = join === undefined ? `EventMemberJoin: ${id} ` : 'agent: joined: ';
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [, event = '', member = ''] = /serf: (EventMember\w+): (\S+)/.exec(line) ?? [];
        const sight = SIGHTS[event];
        if (sight !== undefined) saw(sight, member);
        if (line.includes(partOfIt)) resolve();
      });
      child.once('error', reject);
      child.once('close', (code) => reject(new Error(`agent ${id} ended with ${code}`)));
    });
    return {
      id,
      process: child,
      address,
      update: async (value) => setTag(rpc, 'bench', value),
      watchUpdates: async () => () => undefined,
      leave: () => child.kill('SIGINT'),
    };
  },
};
