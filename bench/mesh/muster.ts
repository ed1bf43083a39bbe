import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { withoutSettings } from '../harness/environment.ts';
import type { Program } from './agent.ts';
import type { CrowdMessage, CrowdRequest } from './crowd.ts';
import type { Sight } from './sightings.ts';

const ANY_PORT = '127.0.0.1:0';
const API = '/api/v1alpha1';
const DOCKERFILE = new URL('../../Dockerfile', import.meta.url);
const CROWD = fileURLToPath(new URL('./crowd.ts', import.meta.url));

interface Line {
  readonly msg?: string;
  readonly code?: string;
  readonly member?: string;
  readonly to?: string;
  readonly left?: boolean;
  readonly gossipAddress?: string;
  readonly httpAddress?: string;
}

/**
 * Muster with its defaults.
 *
 * @param file the command
 * @param interval another gossip interval, ms; the nodes of a crowd keep the default
 */
export function musterProgram(file: string, interval?: number): Program {
  const pace = interval === undefined ? [] : ['--gossip-interval', `${interval}ms`];
  return {
    name: 'Muster',
    start: async (number, join, saw) => {
      const id = `node-${number}`;
      const settings = ['--node-id', id, '--gossip-bind', ANY_PORT, '--http-bind', ANY_PORT, '--log-format', 'json'];
      const child = spawn(process.execPath, [file, 'agent', ...settings, ...pace, ...joining(join)], {
        env: { ...withoutSettings(), ...asInTheImage() },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { gossip, http } = await new Promise<{ gossip: string; http: string }>((resolve, reject) => {
        createInterface({ input: child.stdout }).on('line', (text) => {
          const line = JSON.parse(text) as Line;
          const sight = sightOf(line);
          if (sight !== undefined && line.member !== undefined) saw(sight, line.member);
          if (line.msg === 'ready') resolve({ gossip: line.gossipAddress ?? '', http: line.httpAddress ?? '' });
        });
        child.once('close', (code) => reject(new Error(`agent ${id} ended with ${code}`)));
      });
      return {
        id,
        process: child,
        address: gossip,
        update: async (value) => setLabel(http, value),
        watchUpdates: async () => watchUpdates(http, (member) => saw('updated', member)),
        leave: () => child.kill('SIGTERM'),
      };
    },
    startCrowd: async (ids, join, saw) => {
      const crowd = fork(CROWD, { env: withoutSettings() });
      await new Promise<void>((resolve, reject) => {
        crowd.on('message', (message: CrowdMessage) => {
          if (message === 'started') resolve();
          else saw(message.observer, message.sight, message.member);
        });
        crowd.once('close', (code) => reject(new Error(`the process of ${ids.length} nodes ended with ${code}`)));
        crowd.send({ ids, join } satisfies CrowdRequest);
      });
      return crowd;
    },
  };
}

/** What the image tells glibc of how to keep memory. */
function asInTheImage(): NodeJS.ProcessEnv {
  const given = readFileSync(DOCKERFILE, 'utf8').matchAll(/(MALLOC_\w+)=(\d+)/g);
  return Object.fromEntries([...given].map(([, name, value]) => [name, value]));
}

function joining(join: string | undefined): readonly string[] {
  return join === undefined ? [] : ['--join', join];
}

function sightOf({ code, to, left }: Line): Sight | undefined {
  if (code !== 'MEMBER_CHANGED') return undefined;
  if (to === 'HEALTHY') return 'appeared';
  if (to !== 'DEAD') return undefined;
  return left === true ? 'left' : 'dead';
}

async function setLabel(http: string, value: string): Promise<void> {
  const answer = await fetch(`http://${http}${API}/local/metadata`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ labels: { bench: value } }),
  });
  if (!answer.ok) throw new Error(`the update was refused: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Follows the memberlist as server-sent events. Resolves once the initial list is complete. */
async function watchUpdates(http: string, updated: (member: string) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const request = get(`http://${http}${API}/memberlist?watch=true`, (answer) => {
      if (answer.headers['content-type']?.startsWith('text/event-stream') !== true) {
        reject(new Error('this build of Muster can not be watched'));
      }
      const lines = createInterface({ input: answer });
      lines.on('line', (line) => {
        if (!line.startsWith('data: ')) return;
        const event = JSON.parse(line.slice('data: '.length)) as { type: string; member?: { id: string } };
        if (event.type === 'SYNCED') resolve(() => request.destroy());
        if (event.type === 'MODIFIED' && event.member !== undefined) updated(event.member.id);
      });
      // It ends by our own doing, or with its agent; an update that is missed for it is missed by the deadline.
      lines.on('error', () => undefined);
    });
    request.on('error', reject);
  });
}
