import type { Random } from '../src/base/random.ts';
import type { Action } from './faults/action.ts';
import { type Deed, type HostDeed, isHostDeed, namedBy, newcomersOf } from './scenario/deed.ts';
import { expectedHosts } from './scenario/expectation.ts';
import { type HostSet, numberOf, placesOf, resolveHosts, resolvePlace } from './scenario/hosts.ts';
import type { Scenario, Step } from './scenario/scenario.ts';

/** One deed at its time, ms from the start of the scenario. */
export interface PlannedDeed {
  readonly at: number;
  readonly deed: Deed;
}

/** In which mesh a scenario is played. */
export interface Stage {
  readonly nodes: number;
  readonly random: Random;
}

/** All deeds of a scenario with their times, in the order of its lines. */
export function planDeeds(scenario: Scenario, stage: Stage): readonly PlannedDeed[] {
  return scenario.steps.flatMap((step) => planStep(step, stage));
}

function planStep({ when, deed }: Step, { nodes, random }: Stage): readonly PlannedDeed[] {
  if (when.kind === 'at') return [{ at: when.time, deed }];
  if (when.kind === 'every') {
    const planned: PlannedDeed[] = [];
    for (let at: number = when.from; at <= when.to; at += when.interval) planned.push({ at, deed });
    return planned;
  }
  if (!isHostDeed(deed)) return [];
  const names = resolveHosts(deed.hosts, nodes, random);
  return names.map((name, index) => ({ at: when.from + index * when.interval, deed: toOne(deed, name) }));
}

function toOne(deed: HostDeed, name: string): Deed {
  return { ...deed, hosts: [{ kind: 'one', place: name }] };
}

/**
 * What a deed is in this mesh at this time. Hosts that are left to chance are drawn now.
 *
 * @param present the names of all hosts that there are
 */
export function actionsOf(deed: Deed, { nodes, random }: Stage, present: readonly string[]): readonly Action[] {
  const named = (hosts: HostSet): readonly string[] => resolveHosts(hosts, nodes, random);
  switch (deed.verb) {
    case 'crash':
      return named(deed.hosts).map((host) => ({ kind: 'crash', host, withMachine: deed.withMachine }));
    case 'restart': {
      const { disk, clock } = deed;
      const how = clock === undefined ? { disk } : { disk, clock };
      return named(deed.hosts).map((host) => Object.assign({ kind: 'restart' as const, host }, how));
    }
    case 'twin':
      return [{ kind: 'twin', host: deed.host, of: resolvePlace(deed.of, nodes) }];
    case 'cut': {
      const to = named(deed.to);
      return named(deed.hosts).flatMap((from) => to.map((host) => ({ kind: 'cut' as const, from, to: host })));
    }
    case 'sever': {
      const hosts = named(deed.hosts);
      return hosts.flatMap((host, index) =>
        hosts.slice(index + 1).map((other) => ({ kind: 'sever' as const, host, other })),
      );
    }
    case 'isolate':
      return named(deed.hosts).map((host) => ({ kind: 'isolate', host, way: deed.way }));
    case 'partition': {
      const groups = deed.groups.map((group) => (group === 'rest' ? group : named(group)));
      const taken = new Set(groups.flatMap((group) => (group === 'rest' ? [] : group)));
      const rest = present.filter((name) => !taken.has(name));
      return [{ kind: 'partition', groups: groups.map((group) => (group === 'rest' ? rest : group)) }];
    }
    case 'loss':
      return [{ kind: 'loss', share: deed.percent / 100, hosts: named(deed.hosts) }];
    case 'duplicate':
      return [{ kind: 'duplicate', share: deed.percent / 100 }];
    case 'slow':
      return named(deed.hosts).map((host) => ({ kind: 'slow', host, extra: deed.by }));
    case 'heal':
      return [{ kind: 'heal' }];
    default: {
      const { verb } = deed;
      return named(deed.hosts).map((host) => ({ kind: verb, host }));
    }
  }
}

/**
 * The sizes of mesh in which a scenario makes sense: all hosts that it names are there, and no newcomer of it is there already.
 */
export function sizesOf(scenario: Scenario): { readonly least: number; readonly most: number } {
  const newcomers = new Set(scenario.steps.flatMap(({ deed }) => newcomersOf(deed)));
  const named = [
    ...placesOf(scenario.join),
    ...placesOf(scenario.steps.flatMap(({ deed }) => namedBy(deed))),
    ...placesOf(scenario.expectations.flatMap(expectedHosts)),
  ];
  const needed = named.filter((place) => !newcomers.has(place)).map((place) => (numberOf(place) ?? -1) + 1);
  const numbers = [...newcomers].map((place) => numberOf(place) ?? Number.POSITIVE_INFINITY);
  return { least: Math.max(1, ...needed), most: Math.min(Number.POSITIVE_INFINITY, ...numbers) };
}
