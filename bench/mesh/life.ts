import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { summarize } from '../harness/figure.ts';
import { type Agent, crash, type Program } from './agent.ts';
import { cpuMs, loopbackBytes, rssMiB } from './process-figures.ts';
import { type Sight, Sightings } from './sightings.ts';

const UPDATES = 20;
/** Updates that nobody times come so far apart, ms. */
const UPDATE_EVERY_MS = 5_000;
/** Nodes of a crowd that share a process. */
const IN_A_PROCESS = 30;
/** How many agents start at the same time. */
const STARTING = 4;
/** How long anything may take until all have seen it: Serf's cold starts have taken over a minute. */
const DEADLINE_MS = 180_000;

/** What is measured, and in what unit. */
export const UNITS = {
  'cold start, last exec until all see all': 's',
  'CPU in peace': 'ms/s',
  'bytes in peace': 'B/s',
  RSS: 'MiB',
  'a newcomer is known by all, from its exec': 'ms',
  'an update has reached the last node, median': 'ms',
  'an update has reached the last node, slowest': 'ms',
  'RSS halfway through the updates': 'MiB',
  'RSS after the updates': 'MiB',
  'a leave is known by all': 'ms',
  'a crash is known by all': 's',
} as const;

/** One value for each. */
export type LifeFigures = Readonly<Record<keyof typeof UNITS, number>>;

/** How large a mesh is, and how long it is left in peace. */
export interface LifePlan {
  readonly nodes: number;
  /** How many of them share processes. They see and are seen; updates, CPU and memory are those of the others. */
  readonly crowd: number;
  /** Before peace is measured, ms. */
  readonly settleMs: number;
  readonly peaceMs: number;
  /** How long updates go on after those that are timed, ms. */
  readonly updatingMs: number;
}

/** The life of one mesh, from its start to its end: everything is measured once, updates twenty times. */
export async function life(program: Program, plan: LifePlan): Promise<LifeFigures> {
  const { nodes, crowd, settleMs, peaceMs, updatingMs } = plan;
  const sightings = new Sightings();
  const agents: Agent[] = [];
  const crowded = Array.from({ length: crowd }, (_, at) => `node-${nodes - crowd + at}`);
  const crowds: ChildProcess[] = [];
  const start = async (number: number): Promise<void> => {
    const saw = (sight: Sight, member: string): void => sightings.saw(`node-${number}`, sight, member);
    agents.push(await program.start(number, agents[0]?.address, saw));
  };
  const allOthers = (id: string): string[] =>
    [...agents.map((agent) => agent.id), ...crowded].filter((other) => other !== id);
  try {
    let lastExecAt = await startAll(nodes - crowd, start);
    for (let first = 0; first < crowd; first += IN_A_PROCESS) {
      lastExecAt = performance.now();
      crowds.push(await startCrowd(program, crowded.slice(first, first + IN_A_PROCESS), agents, sightings));
    }
    const ids = Array.from({ length: nodes }, (_, number) => `node-${number}`);
    const coldStart = (await sightings.all('appeared', ids, ids, DEADLINE_MS)) - lastExecAt;
    await delay(settleMs);
    const peace = await watchPeace(agents, nodes, peaceMs);
    const execAt = performance.now();
    await start(nodes);
    const newcomer =
      (await sightings.all('appeared', [`node-${nodes}`], allOthers(`node-${nodes}`), DEADLINE_MS)) - execAt;
    const updates = summarize(await update(agents, allOthers, sightings));
    await keepUpdating(agents, updatingMs / 2);
    const halfway = rss(agents);
    await keepUpdating(agents, updatingMs / 2);
    const afterUpdates = rss(agents);
    const gone = async (agent: Agent, sight: Sight, go: () => unknown): Promise<number> => {
      agents.splice(agents.indexOf(agent), 1);
      const before = performance.now();
      void go();
      return (await sightings.all(sight, [agent.id], allOthers(agent.id), DEADLINE_MS)) - before;
    };
    const leaving = agents[1] ?? agents[0];
    const crashing = agents[2] ?? agents[0];
    if (leaving === undefined || crashing === undefined) throw new Error('the mesh is empty');
    const left = await gone(leaving, 'left', () => leaving.leave());
    const dead = await gone(crashing, 'dead', async () => crash(crashing.process));
    return {
      'cold start, last exec until all see all': coldStart / 1_000,
      ...peace,
      'a newcomer is known by all, from its exec': newcomer,
      'an update has reached the last node, median': updates.median,
      'an update has reached the last node, slowest': updates.high,
      'RSS halfway through the updates': halfway,
      'RSS after the updates': afterUpdates,
      'a leave is known by all': left,
      'a crash is known by all': dead / 1_000,
    };
  } finally {
    await Promise.all([...agents.map(({ process }) => process), ...crowds].map(crash));
  }
}

async function startCrowd(
  program: Program,
  ids: readonly string[],
  [first]: readonly Agent[],
  sightings: Sightings,
): Promise<ChildProcess> {
  if (program.startCrowd === undefined) throw new Error(`${program.name} has one node in each process`);
  return program.startCrowd(ids, first?.address ?? '', (...seen) => sightings.saw(...seen));
}

/** @returns when the last one was started, by `performance.now()` */
async function startAll(nodes: number, start: (number: number) => Promise<void>): Promise<number> {
  let lastExecAt = performance.now();
  await start(0);
  const waiting = Array.from({ length: nodes - 1 }, (_, at) => at + 1);
  const work = async (): Promise<void> => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      lastExecAt = performance.now();
      await start(number);
    }
  };
  await Promise.all(Array.from({ length: STARTING }, work));
  return lastExecAt;
}

/** @param nodes of the mesh, those of the crowd included */
async function watchPeace(agents: readonly Agent[], nodes: number, peaceMs: number) {
  const pids = agents.map(({ process: { pid } }) => pid ?? 0);
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = { cpu: cpu(), bytes: loopbackBytes(), at: performance.now() };
  await delay(peaceMs);
  const seconds = (performance.now() - before.at) / 1_000;
  return {
    'CPU in peace': (cpu() - before.cpu) / (pids.length * seconds),
    'bytes in peace': (loopbackBytes() - before.bytes) / (nodes * seconds),
    RSS: rss(agents),
  };
}

/** What the agent in the middle has resident, MiB. */
function rss(agents: readonly Agent[]): number {
  return summarize(agents.map(({ process: { pid } }) => rssMiB(pid ?? 0))).median;
}

async function update(
  agents: readonly Agent[],
  allOthers: (id: string) => readonly string[],
  sightings: Sightings,
): Promise<number[]> {
  const stops = await Promise.all(agents.map(async (agent) => agent.watchUpdates()));
  const times: number[] = [];
  for (let turn = 0; turn < UPDATES; turn += 1) {
    const agent = agents[turn % agents.length];
    if (agent === undefined) break;
    sightings.forget('updated', agent.id);
    const before = performance.now();
    await agent.update(String(turn));
    times.push((await sightings.all('updated', [agent.id], allOthers(agent.id), DEADLINE_MS)) - before);
    await delay(500 * Math.random());
  }
  for (const stop of stops) stop();
  return times;
}

/** Goes on with updates at one agent after the other, and does not look at them. */
async function keepUpdating(agents: readonly Agent[], forMs: number): Promise<void> {
  const endsAt = performance.now() + forMs;
  for (let turn = 0; performance.now() < endsAt; turn += 1) {
    await agents[turn % agents.length]?.update(`kept-${Math.round(endsAt)}-${turn}`);
    await delay(UPDATE_EVERY_MS);
  }
}
