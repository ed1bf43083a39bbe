import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { localNode } from '../helpers/local-node.ts';
import { measured } from '../helpers/measured.ts';
import { reservePorts } from '../helpers/ports.ts';

const NODES = 50;

test('fifty nodes with all of them, themselves included, as bootstrap targets see each other within 15 s', async () => {
  const addresses = (await reservePorts(NODES)).map((port) => `127.0.0.1:${port}`);
  const nodes = addresses.map((bind, index) => localNode({ id: `node-${index}`, bind, join: addresses }));
  onTestFinished(async () => {
    await Promise.all(nodes.map(async (node) => node.stop()));
  });
  const startedAt = performance.now();
  await Promise.all(nodes.map(async (node) => node.start()));
  await eventually({
    what: 'every node shows fifty HEALTHY',
    deadlineMs: 15_000,
    read: () => nodes.map((node) => node.members().filter(({ state }) => state === 'HEALTHY').length),
    until: (healthy) => healthy.every((count) => count === NODES),
  });
  expect(measured('fifty nodes know each other', performance.now() - startedAt)).toBeLessThan(15_000);
  for (const node of nodes) expect(node.standing()).toMatchObject({ isolated: false, duplicateAddresses: [] });
});
