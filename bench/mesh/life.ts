import { setTimeout as delay } from 'node:timers/promises';
import { summarize } from '../harness/figure.ts';
import { type Agent, crash, type Program } from './agent.ts';
import { cpuMs, loopbackBytes, rssMiB } from './process-figures.ts';
import { type Sight, Sightings } from './sightings.ts';

const UPDATES = 20;
/** How many agents start at the same time. */
const STARTING = 4;
/** After the mesh has formed, before anything is measured. */
const SETTLE_MS = 3_000;
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
  'a leave is known by all': 'ms',
  'a crash is known by all': 's',
} as const;

/** One value for each. */
export type LifeFigures = Readonly<Record<keyof typeof UNITS, number>>;

/** The life of one mesh, from its start to its end: everything is measured once, updates twenty times. */
export async function life(program: Program, nodes: number, peaceMs: number): Promise<LifeFigures> {
  const sightings = new Sightings();
  const agents: Agent[] = [];
  const start = async (number: number): Promise<void> => {
    const saw = (sight: Sight, member: string): void => sightings.saw(`node-${number}`, sight, member);
    agents.push(await program.start(number, agents[0]?.address, saw));
  };
  const allOthers = (id: string): string[] => agents.map((agent) => agent.id).filter((other) => other !== id);
  try {
    const coldStart = await startAll(nodes, start, sightings);
    await delay(SETTLE_MS);
    const peace = await watchPeace(agents, peaceMs);
    const execAt = performance.now();
    await start(nodes);
    const newcomer =
      (await sightings.all('appeared', [`node-${nodes}`], allOthers(`node-${nodes}`), DEADLINE_MS)) - execAt;
    const updates = summarize(await update(agents, sightings));
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
    const dead = await gone(crashing, 'dead', async () => crash(crashing));
    return {
      'cold start, last exec until all see all': coldStart / 1_000,
      ...peace,
      'a newcomer is known by all, from its exec': newcomer,
      'an update has reached the last node, median': updates.median,
      'an update has reached the last node, slowest': updates.high,
      'a leave is known by all': left,
      'a crash is known by all': dead / 1_000,
    };
  } finally {
    await Promise.all(agents.map(crash));
  }
}

async function startAll(
  nodes: number,
  start: (number: number) => Promise<void>,
  sightings: Sightings,
): Promise<number> {
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
  const ids = Array.from({ length: nodes }, (_, number) => `node-${number}`);
  return (await sightings.all('appeared', ids, ids, DEADLINE_MS)) - lastExecAt;
}

async function watchPeace(agents: readonly Agent[], peaceMs: number) {
  const pids = agents.map(({ process: { pid } }) => pid ?? 0);
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = { cpu: cpu(), bytes: loopbackBytes(), at: performance.now() };
  await delay(peaceMs);
  const nodeSeconds = (pids.length * (performance.now() - before.at)) / 1_000;
  return {
    'CPU in peace': (cpu() - before.cpu) / nodeSeconds,
    'bytes in peace': (loopbackBytes() - before.bytes) / nodeSeconds,
    RSS: summarize(pids.map(rssMiB)).median,
  };
}

async function update(agents: readonly Agent[], sightings: Sightings): Promise<number[]> {
  const stops = await Promise.all(agents.map(async (agent) => agent.watchUpdates()));
  const times: number[] = [];
  for (let turn = 0; turn < UPDATES; turn += 1) {
    const agent = agents[turn % agents.length];
    if (agent === undefined) break;
    const others = agents.map(({ id }) => id).filter((id) => id !== agent.id);
    sightings.forget('updated', agent.id);
    const before = performance.now();
    await agent.update(String(turn));
    times.push((await sightings.all('updated', [agent.id], others, DEADLINE_MS)) - before);
    await delay(500 * Math.random());
  }
  for (const stop of stops) stop();
  return times;
}
