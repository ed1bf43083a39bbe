import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { Bench } from './harness/bench.ts';
import { type Contestant, compare } from './harness/compare.ts';
import type { FixedAnswer } from './http/bare-server.ts';
import { end, filledAgent } from './http/filled-agent.ts';

const SIZES = [100, 1_000];
const PATH = '/api/v1alpha1/memberlist';
const LOAD = { connections: 10, duration: 2 };
const BARE_SERVER = fileURLToPath(new URL('./http/bare-server.ts', import.meta.url));
/** Of an answer's headers, what a bare server sends too. Those that Node.js makes itself are left to it. */
const OWN = new Set(['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding']);

/** The memberlist of a real agent against node:http sending the same bytes, each in a process of its own. */
export const http: Bench = async ({ runs, program }) => {
  const contestants: Contestant[] = [];
  const ends: (() => Promise<void>)[] = [];
  try {
    for (const size of SIZES) {
      const agent = await filledAgent(program, size);
      ends.push(async () => end(agent.process));
      const bare = await bareServer(`http://${agent.http}${PATH}`, size);
      ends.push(async () => end(bare.process));
      const [ours, ceiling] = [`http://${agent.http}${PATH}`, `http://${bare.http}${PATH}`];
      const whole = `node:http, the same bytes, ${size} members`;
      const unchanged = `node:http, 304, ${size} members`;
      contestants.push(
        { what: whole, unit: 'req/s', measure: async () => rate(ceiling) },
        { what: `memberlist, ${size} members`, unit: 'req/s', against: whole, measure: async () => rate(ours) },
        { what: unchanged, unit: 'req/s', measure: async () => unchangedRate(ceiling) },
        { what: `304, ${size} members`, unit: 'req/s', against: whole, measure: async () => unchangedRate(ours) },
      );
    }
    return await compare(contestants, runs);
  } finally {
    for (const stop of ends) await stop();
  }
};

async function bareServer(model: string, size: number) {
  const answer = await fetch(model);
  const body = Buffer.from(await answer.arrayBuffer());
  const listed = (JSON.parse(body.toString()) as readonly unknown[]).length;
  if (listed !== size) throw new Error(`the agent lists ${listed} members, not ${size}`);
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OWN.has(name)));
  const child = fork(BARE_SERVER);
  child.send({ headers, body: body.toString('base64') } satisfies FixedAnswer);
  const [address] = (await once(child, 'message')) as [AddressInfo];
  return { process: child, http: `127.0.0.1:${address.port}` };
}

async function rate(url: string): Promise<number> {
  const result = await autocannon({ url, ...LOAD });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return result.requests.average;
}

/** Clients that name the tag of the last answer they had. The rate counts the 304s only. */
async function unchangedRate(url: string): Promise<number> {
  let unchanged = 0;
  let tag = '';
  const result = await autocannon({
    url,
    ...LOAD,
    requests: [
      {
        setupRequest: (request) => ({ ...request, headers: { ...request.headers, 'if-none-match': tag } }),
        onResponse: (status, _body, _context, headers) => {
          if (status === 304) unchanged += 1;
          tag = headers['etag'] ?? tag;
        },
      },
    ],
  });
  return unchanged / result.duration;
}
