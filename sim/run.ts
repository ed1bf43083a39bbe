import { InvariantError } from '../src/base/invariant.ts';
import { type Random, seededRandom } from '../src/base/random.ts';
import { type CheckerFactory, Violation } from './checkers/checker.ts';
import { watch } from './checkers/index.ts';
import { LAN, type LatencyModel, WAN, WORLD } from './engine/latency.ts';
import { directTransport, wireTransport } from './engine/transport.ts';
import { World } from './engine/world.ts';
import type { Action } from './faults/action.ts';
import { apply } from './faults/apply.ts';
import { Meter } from './measure/meter.ts';
import type { RunData } from './measure/run-data.ts';
import { Scale } from './measure/scale.ts';
import { type ExpectationResult, judgeOf, resultOf } from './run-expect.ts';
import { actionsOf, type PlannedDeed, planDeeds, type Stage, sizesOf } from './run-plan.ts';
import { resolveHosts } from './scenario/hosts.ts';
import type { NetworkName, Scenario } from './scenario/scenario.ts';
import { configOf } from './scenario/settings.ts';
import { SETTLE_CYCLES, settle } from './settle.ts';

/** Up to this many nodes every message is encoded and decoded unless the caller says otherwise. */
const WIRE_UP_TO = 200;
/** Clocks of hosts differ: each runs up to this much too fast or too slow, */
const MAX_DRIFT = 50e-6;
/** and its wall clock is up to this much ahead or behind, ms. */
const MAX_AHEAD = 500;

const MODELS: Readonly<Record<NetworkName, LatencyModel>> = { lan: LAN, wan: WAN, world: WORLD };

export interface RunOptions {
  /** How many nodes; default: what the scenario says. */
  readonly nodes?: number;
  /** Any 32-bit integer. The same seed gives the same run to the last event. */
  readonly seed: number;
  /** Whether messages go through the production codec. Default: up to 200 nodes. */
  readonly wire?: boolean;
  /** What is watched. Default: every invariant of the protocol's section 9. */
  readonly checkers?: readonly CheckerFactory[];
  /** Whether the mesh need not form: all nodes start at once, know each other, and join by nobody. Default: no. */
  readonly formed?: boolean;
  /** Whether all faults end after the scenario, and the mesh has to agree then. Default: yes. */
  readonly settles?: boolean;
  /** What to call the scenario in what was measured. */
  readonly name?: string;
  /** Is told now and then which share of the virtual time is over, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** What became of a run. */
export interface RunOutcome {
  readonly nodes: number;
  readonly seed: number;
  readonly wire: boolean;
  /** What broke an invariant of the protocol or of the code. The run ends with the first, so there is one or none. */
  readonly violations: readonly string[];
  /** All expectations; after a violation none, for they were not seen to their end. */
  readonly expectations: readonly ExpectationResult[];
  /** Those that did not come true. */
  readonly failed: readonly ExpectationResult[];
  /** Two runs with the same hash were the same to the last event. */
  readonly traceHash: string;
  /** What was measured. */
  readonly data: RunData;
}

/** The scenario does not fit the mesh that was asked for. */
export class UnplayableError extends Error {
  readonly code = 'MUSTER_SIM_UNPLAYABLE';
  override readonly name = 'UnplayableError';
}

/**
 * Plays a scenario from its start until the mesh has settled.
 *
 * @throws {UnplayableError} when it names hosts that a mesh of this size does not have
 */
export function runScenario(scenario: Scenario, options: RunOptions): RunOutcome {
  const nodes = options.nodes ?? scenario.nodes;
  demandSize(scenario, nodes);
  const wire = options.wire ?? nodes <= WIRE_UP_TO;
  const { config, rpcTimeout } = configOf(scenario.settings);
  const scale = new Scale(wire ? wireTransport : directTransport);
  const world = new World({
    seed: options.seed,
    config,
    latency: MODELS[scenario.network],
    transport: scale,
    rpcTimeout,
  });
  const stage = { nodes, random: seededRandom(options.seed ^ 0x5ce7) };
  const checkers = watch(world, options.checkers);
  const meter = new Meter(world, { seed: options.seed, scenario: options.name ?? '', scale });
  const join = resolveHosts(scenario.join, nodes, stage.random).map((name) => `${name}:7946`);
  const formedFrom =
    options.formed === true ? raiseFormed(world, stage) : raise(world, stage, join, scenario.startOver);
  const deeds = planDeeds(scenario, stage);
  const acted = planIn(world, stage, join, deeds);
  const judges = scenario.expectations.map((expectation) => judgeOf(expectation, { world, nodes, formedFrom, deeds }));
  for (const judge of judges) {
    acted.push((action) => judge.acted?.(action));
    world.listen((step) => judge.stepped?.(step));
  }
  const end = Math.max(scenario.run, ...deeds.map(({ at }) => at + config.gossipInterval));
  const violations: string[] = [];
  try {
    const settles = options.settles ?? true;
    advance(world, end, end + (settles ? SETTLE_CYCLES * config.gossipInterval : 0), options.onProgress);
    if (settles) settle(world, checkers);
    options.onProgress?.(1);
  } catch (error) {
    if (!(error instanceof Violation) && !(error instanceof InvariantError)) throw error;
    violations.push(error.message);
  }
  const expectations = violations.length > 0 ? [] : judges.map(resultOf);
  return {
    nodes,
    seed: options.seed,
    wire,
    violations,
    expectations,
    failed: expectations.filter(({ met }) => !met),
    traceHash: world.trace.hash,
    data: meter.finish(),
  };
}

function demandSize(scenario: Scenario, nodes: number): void {
  const { least, most } = sizesOf(scenario);
  if (nodes < least)
    throw new UnplayableError(`the scenario names n${least - 1}: it needs ${least} nodes, not ${nodes}`);
  if (nodes > most)
    throw new UnplayableError(`the scenario's n${most} is a newcomer: it takes at most ${most} nodes, not ${nodes}`);
}

/**
 * Sets up the hosts and plans the start of a node on each.
 *
 * @returns when the last one starts, ms
 */
function raise(world: World, stage: Stage, join: readonly string[], over: number): number {
  let last = 0;
  for (let number = 0; number < stage.nodes; number += 1) {
    const name = addHost(world, stage, number, join);
    const at = over * stage.random.fraction();
    last = Math.max(last, at);
    world.at(at, () => world.start(name));
  }
  return last;
}

/**
 * Sets up the hosts and starts a node on each, in a mesh that need not form.
 *
 * @returns when that is, ms
 */
function raiseFormed(world: World, stage: Stage): number {
  for (let number = 0; number < stage.nodes; number += 1) addHost(world, stage, number, []);
  world.startFormed();
  return world.now;
}

/** @returns its name */
function addHost(world: World, { random }: Stage, number: number, join: readonly string[]): string {
  const name = `n${number}`;
  world.addHost(name, { join, drift: evenly(MAX_DRIFT, random), clockAhead: Math.round(evenly(MAX_AHEAD, random)) });
  return name;
}

function evenly(most: number, random: Random): number {
  return most * (2 * random.fraction() - 1);
}

/**
 * Plans all deeds in a world.
 *
 * @returns a list for those who want to be told of every action that was taken
 */
function planIn(world: World, stage: Stage, join: readonly string[], deeds: readonly PlannedDeed[]) {
  const told: ((action: Action) => void)[] = [];
  for (const { at, deed } of deeds) {
    world.at(at, () => {
      for (const action of actionsOf(deed, stage, [...world.hosts.keys()])) {
        apply(world, action, { join });
        for (const tell of told) tell(action);
      }
    });
  }
  return told;
}

/** Runs to `end`, and tells every second of virtual time how far it is on the way to `whole`. */
function advance(world: World, end: number, whole: number, onProgress: RunOptions['onProgress']): void {
  for (let time = 0; time < end; time = world.now) {
    world.runUntil(Math.min(end, time + 1_000));
    onProgress?.(world.now / whole);
  }
}
