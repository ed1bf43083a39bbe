import { unreachable } from '../src/base/invariant.ts';
import { seededRandom } from '../src/base/random.ts';
import { agreement } from './checkers/agreement.ts';
import { changesOf } from './checkers/changes.ts';
import { Violation } from './checkers/checker.ts';
import type { Host } from './engine/host.ts';
import type { Step, World } from './engine/world.ts';
import type { Action } from './faults/action.ts';
import type { PlannedDeed } from './run-plan.ts';
import { type Finding, notYet, SO, Trial, VOID } from './run-trial.ts';
import { type Expectation, renderExpectation } from './scenario/expectation.ts';
import { type HostSet, resolveHosts } from './scenario/hosts.ts';

/** How an expectation came out. */
export interface ExpectationResult {
  /** As the scenario has it, without `expect`. */
  readonly text: string;
  readonly met: boolean;
  /** What was seen, in a few words. */
  readonly seen: string;
}

/** The run that expectations are about. */
export interface Expected {
  readonly world: World;
  readonly nodes: number;
  /** When the last node of the first ones starts, ms. */
  readonly formedFrom: number;
  readonly deeds: readonly PlannedDeed[];
}

/** Follows a run for one expectation. */
export interface Judge {
  readonly expectation: Expectation;
  /** Something has just been done to the mesh. */
  acted?(action: Action): void;
  /** A node has taken a step. */
  stepped?(step: Step): void;
  /** What there is to say at the end. */
  verdict(): Omit<ExpectationResult, 'text'>;
}

/** Makes a judge for an expectation, before the run begins and after its deeds were planned in the world. */
export function judgeOf(expectation: Expectation, run: Expected): Judge {
  switch (expectation.kind) {
    case 'dead':
      return deathJudge(expectation, run);
    case 'known':
      return updateJudge(expectation, run);
    case 'formed':
      return momentJudge(expectation, run, run.formedFrom, () => allSeeAll(run.world));
    case 'agreed': {
      const times = run.deeds.filter(({ deed }) => deed.verb === expectation.after).map(({ at }) => at);
      const checker = agreement(run.world);
      return momentJudge(expectation, run, times.length === 0 ? undefined : Math.max(...times), () => {
        try {
          checker.onSettled?.();
          return SO;
        } catch (error) {
          if (error instanceof Violation) return notYet(error.message);
          throw error;
        }
      });
    }
    case 'never':
      return neverJudge(expectation, run);
    case 'false':
      return falsehoodJudge(expectation, run);
    case 'unchanged':
      return changeJudge(expectation, run);
    default:
      return unreachable(expectation);
  }
}

/** An expectation with its outcome. */
export function resultOf(judge: Judge): ExpectationResult {
  return { text: renderExpectation(judge.expectation), ...judge.verdict() };
}

function deathJudge(expectation: Extract<Expectation, { kind: 'dead' }>, { world, nodes }: Expected): Judge {
  const trials: Trial[] = [];
  const who = membersOf(expectation.hosts, nodes);
  return {
    expectation,
    acted(action) {
      if ((action.kind !== 'crash' && action.kind !== 'leave') || !who(action.host)) return;
      const host = world.host(action.host);
      const since = world.now;
      const former = host.life;
      const look = onAllOf(world, since, host, (observer) => {
        if (host.life !== undefined && host.life !== former) return VOID;
        const shown = observer.life?.core.shown(host.id);
        return shown === undefined || shown === 'DEAD' ? SO : notYet(`${observer.name} shows it ${shown}`);
      });
      trials.push(new Trial(world, host.name, expectation.within, look));
    },
    verdict: () => verdictOf(trials, 'none of them crashed or left'),
  };
}

function updateJudge(expectation: Extract<Expectation, { kind: 'known' }>, { world, nodes }: Expected): Judge {
  const trials: Trial[] = [];
  const who = membersOf(expectation.hosts, nodes);
  return {
    expectation,
    acted(action) {
      if (action.kind !== 'relabel' || !who(action.host)) return;
      const host = world.host(action.host);
      const { life } = host;
      if (life === undefined || !host.live) return;
      const version = life.core.ownVersion;
      const look = onAllOf(world, world.now, host, (observer) => {
        if (host.life !== life) return VOID;
        const held = observer.life?.core.record(host.id)?.version;
        return held !== undefined && held >= version ? SO : notYet(`${observer.name} has not got it`);
      });
      trials.push(new Trial(world, host.name, expectation.within, look));
    },
    verdict: () => verdictOf(trials, 'none of them changed its labels'),
  };
}

/** Looks at every node that has been running since before; at the one that was not yet so the last time first. */
function onAllOf(world: World, since: number, subject: Host, at: (observer: Host) => Finding): () => Finding {
  let last: Host | undefined;
  const isAsked = (observer: Host): boolean => observer !== subject && observer.live && observer.since <= since;
  return () => {
    if (last !== undefined && isAsked(last)) {
      const finding = at(last);
      if (finding.is !== 'so') return finding;
    }
    for (const observer of world.hosts.values()) {
      if (!isAsked(observer)) continue;
      last = observer;
      const finding = at(observer);
      if (finding.is !== 'so') return finding;
    }
    return SO;
  };
}

/** Something that has to come true within a time from one moment. */
function momentJudge(
  expectation: Extract<Expectation, { within: number }>,
  { world }: Expected,
  from: number | undefined,
  look: () => Finding,
): Judge {
  const trials: Trial[] = [];
  if (from !== undefined) world.at(from, () => trials.push(new Trial(world, 'the mesh', expectation.within, look)));
  return { expectation, verdict: () => verdictOf(trials, 'that moment never came') };
}

function allSeeAll(world: World): Finding {
  const live = world.live();
  for (const observer of live) {
    for (const { id, name } of live) {
      const shown = observer.life?.core.shown(id);
      if (shown !== 'HEALTHY') return notYet(`${observer.name} shows ${name} ${shown ?? 'nowhere'}`);
    }
  }
  return SO;
}

function neverJudge(expectation: Extract<Expectation, { kind: 'never' }>, { nodes }: Expected): Judge {
  const who = membersOf(expectation.hosts, nodes);
  const by = expectation.by === undefined ? () => true : membersOf(expectation.by, nodes);
  const state = expectation.state === 'dead' ? 'DEAD' : 'SUSPECTED_DEAD';
  const seen = new Sightings();
  return {
    expectation,
    stepped(step) {
      for (const { id, to, left } of changesOf(step)) {
        if (to === state && !left && who(id) && by(step.host.name)) seen.add(step, `${id} was ${state}`);
      }
    },
    verdict: () => ({ met: seen.count === 0, seen: seen.text }),
  };
}

function falsehoodJudge(expectation: Extract<Expectation, { kind: 'false' }>, { world }: Expected): Judge {
  const state = expectation.what === 'deaths' ? 'DEAD' : 'SUSPECTED_DEAD';
  const told = new Set<string>();
  const seen = new Sightings();
  const runs = (id: string): boolean => [...world.hosts.values()].some((host) => host.id === id && host.live);
  return {
    expectation,
    stepped(step) {
      for (const { id, to, version, left } of changesOf(step)) {
        if (to !== state || left || told.has(`${id} ${version}`) || !runs(id)) continue;
        told.add(`${id} ${version}`);
        seen.add(step, `${id} was ${state} though it ran`);
      }
    },
    verdict: () => ({ met: seen.count <= expectation.atMost, seen: seen.text }),
  };
}

function changeJudge(expectation: Extract<Expectation, { kind: 'unchanged' }>, { nodes, deeds }: Expected): Judge {
  const from = deeds.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY);
  const excepted = membersOf(expectation.except, nodes);
  const seen = new Sightings();
  return {
    expectation,
    stepped(step) {
      if (step.at < from || excepted(step.host.name)) return;
      for (const change of changesOf(step)) {
        if (change.from === change.to || excepted(change.id)) continue;
        seen.add(step, `${change.id} went from ${change.from ?? 'unknown'} to ${change.to ?? 'forgotten'}`);
      }
    },
    verdict: () => ({ met: seen.count === 0, seen: seen.text }),
  };
}

/** Counts what was seen, and remembers the first. */
class Sightings {
  count = 0;
  #first = '';

  add({ at, host }: Step, what: string): void {
    this.count += 1;
    if (this.count === 1) this.#first = `at ${seconds(at)} ${what} at ${host.name}`;
  }

  get text(): string {
    if (this.count === 0) return 'none';
    return this.count === 1 ? this.#first : `${this.count} times, first ${this.#first}`;
  }
}

/** The one that failed, else the one that took longest. */
function verdictOf(trials: readonly Trial[], ifNone: string): Omit<ExpectationResult, 'text'> {
  const told = trials.filter((trial) => !trial.isVoid);
  const failed = told.find((trial) => trial.failure !== undefined);
  if (failed !== undefined) return { met: false, seen: `${failed.subject}: ${failed.failure}` };
  const open = told.find((trial) => trial.took === undefined);
  if (open !== undefined) return { met: false, seen: `${open.subject}: the run ended before that could be told` };
  if (told.length === 0) return { met: false, seen: ifNone };
  return { met: true, seen: `took ${seconds(Math.max(...told.map(({ took }) => took ?? 0)))} at most` };
}

/** Tells whether a name is one of these hosts; a word stands for all. */
function membersOf(hosts: HostSet | string, nodes: number): (name: string) => boolean {
  if (typeof hosts === 'string') return () => true;
  // Nothing is left to chance in an expectation: the seed does not matter.
  const names = new Set(resolveHosts(hosts, nodes, seededRandom(0)));
  return (name) => names.has(name);
}

function seconds(time: number): string {
  return `${(time / 1_000).toFixed(3)} s`;
}
