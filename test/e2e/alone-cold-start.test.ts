import { expect, test } from 'vitest';
import type { AgentProcess } from '../helpers/agent-process.ts';
import { eventually } from '../helpers/eventually.ts';
import { measured } from '../helpers/measured.ts';
import { idsOf, labOf } from './lab/lab.ts';
import { ACCUSED } from './lab/record.ts';

const NODES = 30;
const FORMED_MS = 60_000;
/** Cold starts in a row: `E2E_STARTS=20`. */
const STARTS = Number(process.env['E2E_STARTS'] ?? 1);

/** How many members an agent's log says that it has met, itself among them. */
function met(agent: AgentProcess): number {
  return new Set(agent.logged('MEMBER_CHANGED').map((line) => line['member'])).size;
}

test.for(Array.from({ length: STARTS }, (_, index) => index + 1))(
  'thirty nodes that start at once, each joining one, form a mesh: %i',
  async (_, context) => {
    const lab = labOf(context, NODES);
    const [seed, ...others] = lab.hosts;
    if (seed === undefined) throw new Error('no hosts');
    const launchedAt = performance.now();
    const agents = await Promise.all([
      lab.startUnwatched(seed),
      ...others.map(async (host) => lab.startUnwatched(host, ['--join', seed.gossip])),
    ]);
    // Their logs say when they met whom. Thirty first answers over HTTP at the same time cost as much as all there is to measure.
    await eventually({
      what: 'each of the thirty has met all',
      deadlineMs: FORMED_MS,
      read: () => agents.filter((agent) => met(agent) < NODES),
      until: (late) => late.length === 0,
      show: (late) => late.map((agent) => `${agent.id} has met ${met(agent)}`).join(),
    });
    for (const agent of agents) lab.record.watch(agent);
    await lab.formed(agents);
    const everyone = idsOf(lab.hosts);
    expect(lab.record.showings({ states: ACCUSED })).toStrictEqual([]);
    const formedAt = launchedAt + lab.record.allShown(launchedAt, everyone, everyone, 'HEALTHY');
    const readyAt = Math.max(...agents.map((agent) => agent.readyAt));
    measured('cold start of thirty: all ready', readyAt - launchedAt);
    expect(measured('cold start of thirty: formed after the last is ready', formedAt - readyAt)).toBeLessThan(5_000);
  },
);
