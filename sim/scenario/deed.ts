import { type Millis, millis } from '../../src/base/brands.ts';
import { unreachable } from '../../src/base/invariant.ts';
import { formatDuration } from '../../src/config/duration.ts';
import { type HostPlace, type HostSet, parseHosts, parsePlace, placesOf, renderHosts } from './hosts.ts';
import { Expected, type Words } from './words.ts';

const WAYS = ['in', 'out', 'both'] as const;
const SIMPLE = ['pause', 'resume', 'leave', 'relabel', 'join', 'misadvertise'] as const;

/** What a step does: an action (see `sim/faults/action.ts`) with sets of hosts where that has names. */
export type Deed =
  | { readonly verb: 'crash'; readonly hosts: HostSet; readonly withMachine: boolean }
  | { readonly verb: 'restart'; readonly hosts: HostSet; readonly disk: boolean; readonly clock?: number }
  | { readonly verb: (typeof SIMPLE)[number]; readonly hosts: HostSet }
  | { readonly verb: 'twin'; readonly host: HostPlace; readonly of: HostPlace }
  /** Every link from one of the first to one of the others. */
  | { readonly verb: 'cut'; readonly hosts: HostSet; readonly to: HostSet }
  /** Every link between two of them, both ways. */
  | { readonly verb: 'sever'; readonly hosts: HostSet }
  | { readonly verb: 'isolate'; readonly hosts: HostSet; readonly way: (typeof WAYS)[number] }
  /** `rest` are all that no other group names. */
  | { readonly verb: 'partition'; readonly groups: readonly (HostSet | 'rest')[] }
  /** On all links when there are no hosts. */
  | { readonly verb: 'loss'; readonly percent: number; readonly hosts: HostSet }
  | { readonly verb: 'duplicate'; readonly percent: number }
  | { readonly verb: 'slow'; readonly hosts: HostSet; readonly by: Millis }
  | { readonly verb: 'heal' };

export type Verb = Deed['verb'];

export const VERBS: readonly Verb[] = [
  'crash',
  'restart',
  ...SIMPLE,
  'twin',
  'cut',
  'sever',
  'isolate',
  'partition',
  'loss',
  'duplicate',
  'slow',
  'heal',
];

/** Deeds that can be done to one host after the other. */
export type HostDeed = Extract<Deed, { verb: 'crash' | 'restart' | 'isolate' | 'slow' | (typeof SIMPLE)[number] }>;

/** Tells whether a deed can be done to one host after the other. */
export function isHostDeed(deed: Deed): deed is HostDeed {
  return 'hosts' in deed && deed.verb !== 'cut' && deed.verb !== 'sever' && deed.verb !== 'loss';
}

/** Reads a deed to the end of its line. */
export function parseDeed(words: Words): Deed {
  const deed = parseVerb(words);
  words.end();
  return deed;
}

function parseVerb(words: Words): Deed {
  const verb = words.choice(VERBS);
  switch (verb) {
    case 'crash':
      return { verb, hosts: anyHosts(words), withMachine: words.takeIf('with', 'machine') };
    case 'restart': {
      const hosts = anyHosts(words);
      const disk = !words.takeIf('without', 'disk');
      return {
        verb,
        hosts,
        disk,
        ...(words.takeIf('clock')
          ? { clock: words.signedDuration('how far the clock is ahead (+2s) or behind (-1h)') }
          : {}),
      };
    }
    case 'twin': {
      const host = parsePlace(words);
      words.takeWord('of');
      return { verb, host, of: parsePlace(words) };
    }
    case 'cut': {
      const hosts = anyHosts(words);
      words.takeWord('>');
      return { verb, hosts, to: anyHosts(words) };
    }
    case 'sever':
      return { verb, hosts: anyHosts(words) };
    case 'isolate':
      return { verb, hosts: anyHosts(words), way: words.choice(WAYS) };
    case 'partition':
      return { verb, groups: groups(words) };
    case 'loss':
      return { verb, percent: words.percent('a share of packets'), hosts: words.takeIf('on') ? anyHosts(words) : [] };
    case 'duplicate':
      return { verb, percent: words.percent('a share of requests') };
    case 'slow': {
      const hosts = anyHosts(words);
      words.takeWord('by');
      return { verb, hosts, by: words.duration('a delay') };
    }
    case 'heal':
      return { verb };
    default:
      return { verb, hosts: anyHosts(words) };
  }
}

function anyHosts(words: Words): HostSet {
  return parseHosts(words, { draws: true });
}

function groups(words: Words): readonly (HostSet | 'rest')[] {
  const all: (HostSet | 'rest')[] = [];
  do all.push(words.takeIf('rest') ? 'rest' : anyHosts(words));
  while (words.takeIf('|'));
  if (all.length < 2) throw new Expected("'|' and another group", words.next);
  if (all.filter((group) => group === 'rest').length > 1) throw new Expected("one 'rest'", 'rest');
  return all;
}

/** Writes a deed so that {@link parseDeed} reads the same. */
export function renderDeed(deed: Deed): string {
  switch (deed.verb) {
    case 'crash':
      return `crash ${renderHosts(deed.hosts)}${deed.withMachine ? ' with machine' : ''}`;
    case 'restart': {
      const ahead = deed.clock === undefined ? '' : ` clock ${signed(deed.clock)}`;
      return `restart ${renderHosts(deed.hosts)}${deed.disk ? '' : ' without disk'}${ahead}`;
    }
    case 'twin':
      return `twin ${deed.host} of ${deed.of}`;
    case 'cut':
      return `cut ${renderHosts(deed.hosts)} > ${renderHosts(deed.to)}`;
    case 'isolate':
      return `isolate ${renderHosts(deed.hosts)} ${deed.way}`;
    case 'partition':
      return `partition ${deed.groups.map((group) => (group === 'rest' ? group : renderHosts(group))).join(' | ')}`;
    case 'loss':
      return `loss ${deed.percent}%${deed.hosts.length === 0 ? '' : ` on ${renderHosts(deed.hosts)}`}`;
    case 'duplicate':
      return `duplicate ${deed.percent}%`;
    case 'slow':
      return `slow ${renderHosts(deed.hosts)} by ${formatDuration(deed.by)}`;
    case 'heal':
      return 'heal';
    case 'sever':
    case 'pause':
    case 'resume':
    case 'leave':
    case 'relabel':
    case 'join':
    case 'misadvertise':
      return `${deed.verb} ${renderHosts(deed.hosts)}`;
    default:
      return unreachable(deed);
  }
}

function signed(ahead: number): string {
  return `${ahead < 0 ? '-' : '+'}${formatDuration(millis(Math.abs(ahead)))}`;
}

/** The hosts that a deed brings into the mesh. */
export function newcomersOf(deed: Deed): readonly HostPlace[] {
  if (deed.verb === 'twin') return [deed.host];
  return deed.verb === 'join' || deed.verb === 'misadvertise' ? placesOf(deed.hosts) : [];
}

/** The hosts that a deed names and that have to be there. */
export function namedBy(deed: Deed): HostSet {
  switch (deed.verb) {
    case 'join':
    case 'misadvertise':
    case 'heal':
    case 'duplicate':
      return [];
    case 'twin':
      return [{ kind: 'one', place: deed.of }];
    case 'partition':
      return deed.groups.flatMap((group) => (group === 'rest' ? [] : group));
    case 'cut':
      return [...deed.hosts, ...deed.to];
    default:
      return deed.hosts;
  }
}
