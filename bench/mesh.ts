import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bench } from './harness/bench.ts';
import { type Figure, ratios } from './harness/figure.ts';
import type { MeshRequest } from './mesh/inside.ts';
import { type LifeFigures, UNITS } from './mesh/life.ts';

const NODES = 10;
/** After the mesh has formed, before anything is measured. */
const SETTLE_S = 3;
const PEACE_S = 20;
const INSIDE = fileURLToPath(new URL('./mesh/inside.ts', import.meta.url));
/** A network of its own, and with the end of its first process the end of all that are in it. */
const NAMESPACES = ['--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Real processes, or with a crowd several nodes in one, that form a mesh, live in peace, get updates, and lose one in peace and one without a word. */
export const mesh: Bench = async (options) => {
  const {
    runs,
    nodes = NODES,
    crowd = 0,
    settle = SETTLE_S,
    peace = PEACE_S,
    update = 0,
    interval,
    rival,
    program,
    note,
  } = options;
  const request = {
    nodes,
    crowd,
    settleMs: settle * 1_000,
    peaceMs: peace * 1_000,
    updatingMs: update * 1_000,
    interval,
  };
  const ours: LifeFigures[] = [];
  const theirs: LifeFigures[] = [];
  for (let run = 0; run < runs; run += 1) {
    note(`run ${run + 1} of ${runs}, ${nodes} nodes`);
    ours.push(await liveApart({ ...request, program }));
    if (rival !== undefined) theirs.push(await liveApart({ ...request, program: rival }));
  }
  return (Object.keys(UNITS) as (keyof LifeFigures)[]).flatMap((what): Figure[] => {
    const unit = UNITS[what];
    const own = { what: `${nodes} nodes: ${what}`, unit, values: ours.map((figures) => figures[what]) };
    if (rival === undefined) return [own];
    const other = { what: `the same with ${rival}`, unit, values: theirs.map((figures) => figures[what]) };
    return [{ ...own, against: { what: rival, ratios: ratios(own.values, other.values) } }, other];
  });
};

async function liveApart(request: MeshRequest): Promise<LifeFigures> {
  const inside = spawn('unshare', [...NAMESPACES, process.execPath, ...process.execArgv, INSIDE], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(inside, 'close');
  try {
    await messageOf(inside);
    inside.send(request);
    const answer = (await messageOf(inside)) as { readonly figures?: LifeFigures; readonly problem?: string };
    if (answer.figures === undefined) throw new Error(`the mesh came to nothing: ${answer.problem}`);
    return answer.figures;
  } finally {
    inside.kill('SIGKILL');
    await ended;
  }
}

async function messageOf(inside: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    inside.once('message', resolve);
    inside.once('error', reject);
    inside.once('close', (code) => reject(new Error(`the process that holds the mesh ended with ${code}`)));
  });
}
