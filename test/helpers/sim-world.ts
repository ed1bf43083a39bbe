import { LAN, type LatencyModel } from '../../sim/engine/latency.ts';
import { directTransport, type Transport } from '../../sim/engine/transport.ts';
import { type HostOptions, type Step, World } from '../../sim/engine/world.ts';
import { DEFAULT_GOSSIP_CONFIG, type GossipConfig } from '../../src/gossip/config.ts';

/** What a test's world differs in from a quiet data centre. */
export interface TestWorld {
  readonly seed?: number;
  readonly config?: Partial<GossipConfig>;
  readonly latency?: LatencyModel;
  readonly transport?: Transport;
  readonly rpcTimeout?: number;
}

export function worldOf({
  seed = 1,
  config,
  latency = LAN,
  transport = directTransport,
  ...rest
}: TestWorld = {}): World {
  return new World({ seed, config: { ...DEFAULT_GOSSIP_CONFIG, ...config }, latency, transport, ...rest });
}

/** Adds hosts `n0`, `n1`, … that join by `n0`, and starts them. */
export function startNodes(world: World, count: number, options: HostOptions = {}): void {
  for (let index = 0; index < count; index += 1) {
    world.addHost(`n${index}`, { join: ['n0:7946'], ...options });
    world.start(`n${index}`);
  }
}

/** Collects the steps of a run from now on. */
export function stepsOf(world: World): readonly Step[] {
  const steps: Step[] = [];
  world.listen((step) => steps.push(step));
  return steps;
}

/** What a node shows of a host's member. */
export function shownBy(world: World, observer: string, member: string): string | undefined {
  return world.host(observer).life?.core.shown(world.host(member).id);
}
