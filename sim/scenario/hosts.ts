import type { Random } from '../../src/base/random.ts';
import { shuffle } from '../../src/base/random.ts';
import { WORLD } from '../engine/latency.ts';
import { Expected, parsePercent, type Words } from './words.ts';

/** One host by its place: `n7`, `half` (the last of the first half), `last`, or the name of a newcomer. */
export type HostPlace = string;

/** Hosts that are the same in every run with as many nodes. */
export type FixedTerm =
  | { readonly kind: 'one'; readonly place: HostPlace }
  /** Both ends included. */
  | { readonly kind: 'range'; readonly from: HostPlace; readonly to: HostPlace }
  | { readonly kind: 'all' }
  /** The hosts of one region of the network `world`, to which hosts are dealt out in turn. */
  | { readonly kind: 'region'; readonly region: string };

export type HostTerm =
  | FixedTerm
  /** Hosts that are drawn anew each time, from the run's seed: one, or a share. */
  | { readonly kind: 'draw'; readonly percent: number | 'one'; readonly of: FixedTerm };

/** Some hosts. It means as many as there are, in a mesh of any size. */
export type HostSet = readonly HostTerm[];

const ALL: FixedTerm = { kind: 'all' };
/** Letters, then a number. No word of the grammar looks like that. */
const NAME = /^[a-z]{1,20}-?\d{1,6}$/;
const NUMBERED = /^n(\d{1,6})$/;
const PLACES = 'a host such as n3, half or last';
const HOSTS = "hosts, such as n3, n0..half, 'all', 'random' or 30%";

/** Reads a set of hosts up to the first word that names none. At least one is demanded. `draws`: whether chance may have a say. */
export function parseHosts(words: Words, { draws }: { readonly draws: boolean }): HostSet {
  const terms: HostTerm[] = [];
  for (let term = takeTerm(words, draws); term !== undefined; term = takeTerm(words, draws)) terms.push(term);
  if (terms.length === 0) throw new Expected(draws ? HOSTS : HOSTS.replace(", 'random' or 30%", ''), words.next);
  return terms;
}

/** Reads one host by its place. */
export function parsePlace(words: Words): HostPlace {
  const word = words.take(PLACES);
  if (!isPlace(word)) throw new Expected(PLACES, word);
  return word;
}

function takeTerm(words: Words, draws: boolean): HostTerm | undefined {
  const word = words.next ?? '';
  const fixed = fixedTerm(word);
  if (fixed !== undefined) {
    words.take(HOSTS);
    return fixed;
  }
  const percent = word === 'random' ? 'one' : parsePercent(word);
  if (!draws || percent === undefined) return undefined;
  words.take(HOSTS);
  if (!words.takeIf('of')) return { kind: 'draw', percent, of: ALL };
  const of = words.take(HOSTS);
  const pool = fixedTerm(of);
  if (pool === undefined) throw new Expected('hosts to draw from, such as n1..last', of);
  return { kind: 'draw', percent, of: pool };
}

function fixedTerm(word: string): FixedTerm | undefined {
  if (word === 'all') return ALL;
  if (WORLD.regions.includes(word)) return { kind: 'region', region: word };
  if (isPlace(word)) return { kind: 'one', place: word };
  const [from, to, ...more] = word.split('..');
  if (from === undefined || to === undefined || more.length > 0 || !isOrdered(from) || !isOrdered(to)) return undefined;
  return { kind: 'range', from, to };
}

function isPlace(word: string): boolean {
  return word === 'half' || word === 'last' || NAME.test(word);
}

/** Newcomers with names of their own stand in no order. */
function isOrdered(word: string): boolean {
  return word === 'half' || word === 'last' || NUMBERED.test(word);
}

/** Writes hosts so that {@link parseHosts} reads the same. */
export function renderHosts(hosts: HostSet): string {
  return hosts.map(renderTerm).join(' ');
}

function renderTerm(term: HostTerm): string {
  switch (term.kind) {
    case 'one':
      return term.place;
    case 'range':
      return `${term.from}..${term.to}`;
    case 'all':
      return 'all';
    case 'region':
      return term.region;
    case 'draw': {
      const drawn = term.percent === 'one' ? 'random' : `${term.percent}%`;
      return term.of.kind === 'all' ? drawn : `${drawn} of ${renderTerm(term.of)}`;
    }
  }
}

/** The names of these hosts in a mesh of so many nodes, each once, in the order in which they are written. */
export function resolveHosts(hosts: HostSet, nodes: number, random: Random): readonly string[] {
  const names = new Set<string>();
  for (const term of hosts) {
    for (const name of term.kind === 'draw' ? drawn(term, nodes, random) : resolveFixed(term, nodes)) names.add(name);
  }
  return [...names];
}

/** The name of one host in a mesh of so many nodes. */
export function resolvePlace(place: HostPlace, nodes: number): string {
  if (place === 'half') return `n${Math.max(0, Math.floor(nodes / 2) - 1)}`;
  return place === 'last' ? `n${nodes - 1}` : place;
}

function resolveFixed(term: FixedTerm, nodes: number): readonly string[] {
  if (term.kind === 'one') return [resolvePlace(term.place, nodes)];
  const isRange = term.kind === 'range';
  const from = isRange ? (numberOf(resolvePlace(term.from, nodes)) ?? 0) : 0;
  const to = isRange ? (numberOf(resolvePlace(term.to, nodes)) ?? 0) : nodes - 1;
  const names: string[] = [];
  for (let number = from; number <= to; number += 1) {
    if (term.kind !== 'region' || WORLD.regions[number % WORLD.regions.length] === term.region)
      names.push(`n${number}`);
  }
  return names;
}

function drawn({ percent, of }: Extract<HostTerm, { kind: 'draw' }>, nodes: number, random: Random): readonly string[] {
  const pool = [...resolveFixed(of, nodes)];
  const count = percent === 'one' ? 1 : Math.round((pool.length * percent) / 100);
  shuffle(pool, random);
  return pool.slice(0, count);
}

/** The places that these hosts name. */
export function placesOf(hosts: HostSet): readonly HostPlace[] {
  return hosts.flatMap((term) => {
    const fixed = term.kind === 'draw' ? term.of : term;
    if (fixed.kind === 'all' || fixed.kind === 'region') return [];
    return fixed.kind === 'one' ? [fixed.place] : [fixed.from, fixed.to];
  });
}

/** The regions that these hosts are called by. */
export function regionsOf(hosts: HostSet): readonly string[] {
  return hosts.flatMap((term) => {
    const fixed = term.kind === 'draw' ? term.of : term;
    return fixed.kind === 'region' ? [fixed.region] : [];
  });
}

/** The number of a host named `n` and a number; undefined for any other name. */
export function numberOf(place: HostPlace): number | undefined {
  const [, digits] = NUMBERED.exec(place) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
