import { expect, test } from 'vitest';
import { measured } from '../helpers/measured.ts';
import { idsOf, labOf } from './lab/lab.ts';

const NODES = 30;
/** Cold starts in a row: `E2E_STARTS=20`. */
const STARTS = Number(process.env['E2E_STARTS'] ?? 1);

test.for(Array.from({ length: STARTS }, (_, index) => index + 1))(
  'thirty nodes that start at once, each joining one, form a mesh: %i',
  async (_, context) => {
    const lab = labOf(context, NODES);
    const [seed, ...others] = lab.hosts;
    if (seed === undefined) throw new Error('no hosts');
    const launchedAt = performance.now();
    const agents = await Promise.all([
      lab.start(seed),
      ...others.map(async (host) => lab.start(host, ['--join', seed.gossip])),
    ]);
    await lab.formed(agents, 60_000);
    const everyone = idsOf(lab.hosts);
    const formedAt = launchedAt + lab.record.allShown(launchedAt, everyone, everyone, 'HEALTHY');
    const readyAt = Math.max(...agents.map((agent) => agent.readyAt));
    measured('cold start of thirty: all ready', readyAt - launchedAt);
    expect(measured('cold start of thirty: formed after the last is ready', formedAt - readyAt)).toBeLessThan(5_000);
  },
);
