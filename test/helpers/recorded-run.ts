import { LAN } from '../../sim/engine/latency.ts';
import { wireTransport } from '../../sim/engine/transport.ts';
import { World } from '../../sim/engine/world.ts';
import { seededRandom } from '../../src/base/random.ts';
import { DEFAULT_GOSSIP_CONFIG } from '../../src/gossip/config.ts';
import { GossipCore } from '../../src/gossip/core.ts';
import { headerLine, stepLine } from '../../src/wire/recording.ts';

/** When the recorded node of {@link recordedRun} leaves, ms after its start. */
const LEAVES_AT = 40_000;

/**
 * A recording of a run in virtual time, line by line: a mesh of four on a lossy network, of whose members one crashes and returns and one
 * is cut off for a while, seen by a node that changes its labels and leaves at last. The world plays the node's part with a core of its
 * own; the one that is recorded gets what that one got, and a seed of its own.
 */
export function recordedRun(seed: number): readonly string[] {
  const lines: string[] = [];
  const world = new World({ seed, config: DEFAULT_GOSSIP_CONFIG, latency: LAN, transport: wireTransport });
  const peers = ['b', 'c', 'd'];
  const node = world.addHost('a', { join: [...peers.map((name) => `${name}:7946`), 'dns://nobody:1'], drift: 1e-5 });
  for (const name of peers) world.addHost(name, { join: ['a:7946'] });
  let core: GossipCore | undefined;
  world.listen(({ at, host, life, input }) => {
    if (host !== node) return;
    const now = node.clock.read(at);
    if (core === undefined) {
      const setup = {
        config: world.config,
        identity: {
          id: node.id,
          address: node.advertised,
          metadata: life.core.record(node.id)?.metadata ?? new Uint8Array(),
        },
        bootstrap: node.join.map((target) => ({ target, origin: 'configured' as const })),
        now,
      };
      core = new GossipCore({ ...setup, random: seededRandom(seed) });
      lines.push(headerLine({ ...setup, seed, musterVersion: '0.0.0', nodeVersion: 'v0', startedAt: 'then' }));
    }
    const effects = core.handle(input, now);
    lines.push(stepLine(lines.length, now, input, { effects }));
  });
  for (const name of ['a', ...peers]) world.start(name);
  world.changeNetwork((network) => {
    network.conditions = { loss: 0.05, hosts: new Set(), duplication: 0.02 };
  });
  world.at(5_000, () => world.crash('b'));
  world.at(8_000, () => world.relabel('a'));
  world.at(9_000, () => world.pause('c'));
  world.at(25_000, () => world.start('b'));
  world.at(26_000, () => world.resume('c'));
  world.at(LEAVES_AT, () => world.leave('a'));
  world.runUntil(LEAVES_AT + 6_000);
  return lines;
}
