import { millis } from '../../src/base/brands.ts';
import { invariant } from '../../src/base/invariant.ts';
import { seededRandom } from '../../src/base/random.ts';
import { DEFAULT_GOSSIP_CONFIG, type GossipConfig } from '../../src/gossip/config.ts';
import type { CheckerFactory } from '../checkers/checker.ts';
import { CHECKERS, watch } from '../checkers/index.ts';
import { LATENCY_MODELS } from '../engine/latency.ts';
import { directTransport, wireTransport } from '../engine/transport.ts';
import { World } from '../engine/world.ts';
import { apply } from '../faults/apply.ts';
import { settle } from '../settle.ts';
import type { FuzzCase } from './case.ts';

/** How long a case runs on after its last action before everything is settled, ms. */
const AFTERMATH = 20_000;
/** Sets the chance by which hosts differ apart from that of the world. */
const HOSTS = 0x0ca5e;

export interface RunOptions {
  /** Every message goes through the production codec. */
  readonly wire?: boolean;
  readonly checkers?: readonly CheckerFactory[];
}

export interface Outcome {
  /** What was violated, or what the core threw; undefined when all was well. */
  readonly failure: Error | undefined;
  /** The hash of the run's trace. */
  readonly hash: string;
  readonly events: number;
}

/** Runs one case under the checkers to its settled end. The same case gives the same outcome, always. */
export function runCase(fuzzCase: FuzzCase, { wire = false, checkers = CHECKERS }: RunOptions = {}): Outcome {
  const world = worldOf(fuzzCase, wire);
  const watching = watch(world, checkers);
  let failure: Error | undefined;
  try {
    world.runUntil((fuzzCase.actions.at(-1)?.at ?? 0) + AFTERMATH);
    bringBackBootstrap(world);
    settle(world, watching);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  return { failure, hash: world.trace.hash, events: world.trace.events };
}

/**
 * Where no bootstrap node runs any more, one is started again: a node that never met anybody knows no other address, and nobody knows it,
 * so no protocol could bring them together.
 */
function bringBackBootstrap(world: World): void {
  const bootstraps = [...world.hosts.values()].filter((host) => host.join.includes(host.address));
  if (bootstraps.some((host) => host.life !== undefined && !host.life.left)) return;
  const first = bootstraps.find((host) => host.life === undefined);
  if (first !== undefined) world.start(first.name);
}

/** The world of a case, with its nodes and actions planned, at time zero. */
function worldOf(fuzzCase: FuzzCase, wire: boolean): World {
  const latency = LATENCY_MODELS.find((model) => model.name === fuzzCase.latency);
  invariant(latency !== undefined, `there is no latency model ${fuzzCase.latency}`);
  const config: GossipConfig = {
    ...DEFAULT_GOSSIP_CONFIG,
    deadRetention: millis(fuzzCase.deadRetention),
    maxDeltaBytes: fuzzCase.maxDeltaBytes,
  };
  const world = new World({ seed: fuzzCase.seed, config, latency, transport: wire ? wireTransport : directTransport });
  const chance = seededRandom(fuzzCase.seed ^ HOSTS);
  const join = Array.from({ length: Math.min(fuzzCase.bootstraps, fuzzCase.nodes) }, (_, index) => `n${index}:7946`);
  for (let index = 0; index < fuzzCase.nodes; index += 1) {
    const name = `n${index}`;
    world.addHost(name, { join, drift: (2 * chance.fraction() - 1) * fuzzCase.drift * 1e-6 });
    world.at(chance.fraction() * fuzzCase.startSpread, () => {
      if (world.host(name).life === undefined) world.start(name);
    });
  }
  for (const { at, action } of fuzzCase.actions) world.at(at, () => apply(world, action, { join }));
  return world;
}
