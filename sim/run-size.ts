import { millis } from '../src/base/brands.ts';
import type { RunData } from './measure/run-data.ts';
import { runScenario } from './run.ts';
import type { NetworkName, Scenario, Step } from './scenario/scenario.ts';
import { configOf, type Settings } from './scenario/settings.ts';

/** The times of a run of a mesh that is formed, in cycles from its start: it is quiet, gets an update, loses a node. */
const QUIET_FROM = 20;
const UPDATE_AT = 40;
const CRASH_AT = 55;
/** How long it waits for the crash to be known, in cycles beyond the dead threshold. */
const KNOWN_WITHIN = 20;

/** A mesh whose behaviour is asked for. */
export interface SizeRequest {
  readonly nodes: number;
  readonly network: NetworkName;
  readonly lossPercent: number;
  readonly settings: Settings;
}

/** What one run of it showed. Times are ms; undefined when it took longer than the run waited. */
export interface SizeFigures {
  /** From a change of one node's labels until all others had it. */
  readonly spread: number | undefined;
  /** From a crash until the first node showed it DEAD. */
  readonly firstDetection: number | undefined;
  /** From a crash until all showed it DEAD. */
  readonly detection: number | undefined;
  /** Bytes that a node sent in a second while nothing happened. */
  readonly quietBytes: number;
}

/** Measures one run. The same seed gives the same figures. Nothing but figures: the invariants are not watched. */
export function measureSize(request: SizeRequest, seed: number, onProgress: (share: number) => void): SizeFigures {
  const scenario = sizeScenario(request);
  const { gossipInterval } = configOf(request.settings).config;
  const { data } = runScenario(scenario, { seed, onProgress, formed: true, checkers: [], settles: false });
  const update = data.updates.find(({ kind }) => kind === 'relabel');
  const dead = data.detections[0]?.dead;
  return {
    spread: update?.missed === 0 ? update.spread?.max : undefined,
    firstDetection: dead?.afterMs[0],
    detection: dead?.missed === 0 ? dead.summary?.max : undefined,
    quietBytes: meanOf(data.traffic.bytes, QUIET_FROM * gossipInterval, UPDATE_AT * gossipInterval),
  };
}

/** A mesh that is quiet, gets an update and loses its last node. Packets are lost from the time on that it has come to rest. */
function sizeScenario({ nodes, network, lossPercent, settings }: SizeRequest): Scenario {
  const { gossipInterval, deadThreshold } = configOf(settings).config;
  const at = (cycle: number): Step['when'] => ({ kind: 'at', time: millis(cycle * gossipInterval) });
  const loss: Step = { when: at(QUIET_FROM), deed: { verb: 'loss', percent: lossPercent, hosts: [] } };
  return {
    about: [],
    nodes,
    network,
    join: [{ kind: 'one', place: 'n0' }],
    startOver: millis(0),
    run: millis((CRASH_AT + deadThreshold + KNOWN_WITHIN) * gossipInterval),
    settings,
    steps: [
      ...(lossPercent === 0 ? [] : [loss]),
      { when: at(UPDATE_AT), deed: { verb: 'relabel', hosts: [{ kind: 'one', place: 'half' }] } },
      { when: at(CRASH_AT), deed: { verb: 'crash', hosts: [{ kind: 'one', place: 'last' }], withMachine: true } },
    ],
    expectations: [],
  };
}

/** The mean of what was counted by the second, over the whole seconds of a span (at least the one in which it begins). */
function meanOf(bySecond: RunData['traffic']['bytes'], from: number, to: number): number {
  const first = Math.ceil(from / 1_000);
  const span = bySecond.slice(first, Math.max(first + 1, Math.floor(to / 1_000)));
  return span.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, span.length);
}
