import { LATENCY_MODELS } from '../engine/latency.ts';
import type { Action, Timed } from '../faults/action.ts';

/** A mesh as a happening finds it. */
export interface Scene {
  readonly nodes: number;
  readonly latency: string;
}

/** Some hosts, by numbers that are taken modulo the number of nodes, so that a smaller mesh still makes sense of them. */
export type Pick = number;

/** Something that befalls a mesh: one action, or several that belong together. It becomes plain actions at once. */
export type Happening =
  | { readonly kind: 'crash'; readonly host: Pick; readonly withMachine: boolean }
  | { readonly kind: 'restart'; readonly host: Pick; readonly disk: boolean; readonly clock: number }
  | { readonly kind: 'pause' | 'resume' | 'leave' | 'relabel'; readonly host: Pick }
  | { readonly kind: 'join' | 'misadvertise' }
  | { readonly kind: 'twin'; readonly of: Pick }
  /** Two lives of one id begin in one moment, and end before either may have heard of the other. */
  | { readonly kind: 'rivals'; readonly of: Pick; readonly lived: number }
  | { readonly kind: 'cut' | 'sever'; readonly host: Pick; readonly other: Pick }
  | { readonly kind: 'isolate'; readonly host: Pick; readonly way: 'both' | 'in' | 'out' }
  /** Each host goes into the group that the digits of `split`, to the base `parts`, say. */
  | { readonly kind: 'partition'; readonly parts: number; readonly split: number }
  | { readonly kind: 'loss'; readonly share: number; readonly hosts: readonly Pick[] }
  | { readonly kind: 'duplicate'; readonly share: number }
  | { readonly kind: 'slow'; readonly host: Pick; readonly extra: number }
  | { readonly kind: 'heal' }
  /** So many hosts from one on crash in one moment. */
  | { readonly kind: 'massCrash'; readonly host: Pick; readonly count: number; readonly withMachine: boolean }
  /** All hosts of one region are cut off from the others, or crash with their machines. */
  | { readonly kind: 'outage'; readonly region: number; readonly power: boolean }
  /** Hosts are restarted one after the other. */
  | {
      readonly kind: 'rolling';
      readonly host: Pick;
      readonly count: number;
      readonly every: number;
      readonly disk: boolean;
    }
  /** Hosts crash and come back at short notice, over and over. */
  | { readonly kind: 'churn'; readonly hosts: readonly Pick[]; readonly every: number }
  /** A process is stopped and goes on, over and over. */
  | {
      readonly kind: 'doze';
      readonly host: Pick;
      readonly sleep: number;
      readonly awake: number;
      readonly times: number;
    }
  /** A host is away (stopped, or cut off) while another one dies, and comes back when the mesh has forgotten it. */
  | {
      readonly kind: 'absence';
      readonly host: Pick;
      readonly dying: Pick;
      readonly stopped: boolean;
      readonly away: number;
    };

/**
 * Writes a happening as actions.
 *
 * @param at when it begins, ms
 * @param number of the happening in its case, for the names of newcomers
 */
export function expand(happening: Happening, at: number, number: number, { nodes, latency }: Scene): readonly Timed[] {
  const name = (pick: Pick): string => `n${pick % nodes}`;
  const now = (action: Action): readonly Timed[] => [{ at, action }];
  const all = Array.from({ length: nodes }, (_, index) => name(index));
  const row = (first: Pick, count: number): readonly string[] =>
    Array.from({ length: Math.min(count, nodes) }, (_, index) => name(first + index));
  switch (happening.kind) {
    case 'crash':
    case 'pause':
    case 'resume':
    case 'leave':
    case 'relabel':
    case 'isolate':
    case 'slow':
      return now({ ...happening, host: name(happening.host) });
    case 'restart': {
      const { host, disk, clock } = happening;
      return now({ kind: 'restart', host: name(host), disk, ...(clock === 0 ? {} : { clock }) });
    }
    case 'join':
      return now({ kind: 'join', host: `x${number}` });
    case 'misadvertise':
      return now({ kind: 'misadvertise', host: `m${number}` });
    case 'twin':
      return now({ kind: 'twin', host: `t${number}`, of: name(happening.of) });
    case 'rivals': {
      const one = name(happening.of);
      const other = `r${number}`;
      const end = at + happening.lived;
      return [
        { at, action: { kind: 'restart', host: one, disk: false } },
        { at, action: { kind: 'twin', host: other, of: one } },
        { at: end, action: { kind: 'crash', host: one, withMachine: false } },
        { at: end, action: { kind: 'crash', host: other, withMachine: false } },
      ];
    }
    case 'cut':
      return now({ kind: 'cut', from: name(happening.host), to: name(happening.other) });
    case 'sever':
      return now({ kind: 'sever', host: name(happening.host), other: name(happening.other) });
    case 'partition':
      return now({ kind: 'partition', groups: groupsOf(all, happening.parts, happening.split) });
    case 'loss':
      return now({ kind: 'loss', share: happening.share, hosts: happening.hosts.map(name) });
    case 'duplicate':
    case 'heal':
      return now(happening);
    case 'massCrash':
      return row(happening.host, happening.count).map((host) => ({
        at,
        action: { kind: 'crash', host, withMachine: happening.withMachine },
      }));
    case 'outage': {
      const regions = LATENCY_MODELS.find((model) => model.name === latency)?.regions.length ?? 1;
      const inside = all.filter((_, index) => index % regions === happening.region % regions);
      if (happening.power) return inside.map((host) => ({ at, action: { kind: 'crash', host, withMachine: true } }));
      return now({ kind: 'partition', groups: [inside, all.filter((host) => !inside.includes(host))] });
    }
    case 'rolling':
      return row(happening.host, happening.count).map((host, index) => ({
        at: at + index * happening.every,
        action: { kind: 'restart', host, disk: happening.disk },
      }));
    case 'churn':
      return happening.hosts.flatMap((host, index): readonly Timed[] => [
        { at: at + index * happening.every, action: { kind: 'crash', host: name(host), withMachine: false } },
        {
          at: at + (index + 2) * happening.every,
          action: { kind: 'restart', host: name(host), disk: index % 2 === 0 },
        },
      ]);
    case 'doze': {
      const { host, sleep, awake, times } = happening;
      return Array.from({ length: times }, (_, index) => at + index * (sleep + awake)).flatMap(
        (from): readonly Timed[] => [
          { at: from, action: { kind: 'pause', host: name(host) } },
          { at: from + sleep, action: { kind: 'resume', host: name(host) } },
        ],
      );
    }
    case 'absence': {
      const { dying, stopped, away } = happening;
      const host = name(happening.host);
      return [
        { at, action: stopped ? { kind: 'pause', host } : { kind: 'isolate', host, way: 'both' } },
        { at: at + 1_000, action: { kind: 'crash', host: name(dying), withMachine: false } },
        { at: at + away, action: stopped ? { kind: 'resume', host } : { kind: 'heal' } },
      ];
    }
  }
}

function groupsOf(names: readonly string[], parts: number, split: number): readonly (readonly string[])[] {
  const groups = Array.from({ length: parts }, (): string[] => []);
  let digits = split;
  for (const name of names) {
    groups[digits % parts]?.push(name);
    digits = Math.floor(digits / parts) + (digits % 7) * 1_009;
  }
  return groups.filter((group) => group.length > 0);
}
