import type { Millis } from '../../src/base/brands.ts';
import { unreachable } from '../../src/base/invariant.ts';
import { formatDuration } from '../../src/config/duration.ts';
import { VERBS, type Verb } from './deed.ts';
import { type HostSet, parseHosts, renderHosts } from './hosts.ts';
import { Expected, type Words } from './words.ts';

/** What has to come true in a run, beside the protocol's invariants, which are always watched. */
export type Expectation =
  /** After each crash or leave of them, all nodes that run since before show them DEAD or no longer. `crashed`: whomever that befell. */
  | { readonly kind: 'dead'; readonly hosts: HostSet | 'crashed'; readonly within: Millis }
  /** After each change of their labels, all nodes that run since before hold the new record. `relabelled`: whomever that befell. */
  | { readonly kind: 'known'; readonly hosts: HostSet | 'relabelled'; readonly within: Millis }
  /** After the last of the first starts, all nodes show all nodes HEALTHY. */
  | { readonly kind: 'formed'; readonly within: Millis }
  /** After the last deed of that kind, all nodes hold the same records, and show all that live HEALTHY and nobody else alive. */
  | { readonly kind: 'agreed'; readonly within: Millis; readonly after: Verb }
  /** None of `hosts` is ever shown so, by anybody or by any of `by`. Who left by itself does not count. */
  | { readonly kind: 'never'; readonly state: 'dead' | 'suspected'; readonly hosts: HostSet; readonly by?: HostSet }
  /** How often a node that ran was shown so: once for a member and version, however many showed it. */
  | { readonly kind: 'false'; readonly what: 'deaths' | 'suspicions'; readonly atMost: number }
  /** From the first step on, what others than `except` show of others than `except` does not change. */
  | { readonly kind: 'unchanged'; readonly except: HostSet };

const KINDS = ['dead', 'known', 'formed', 'agreed', 'never', 'false', 'unchanged'] as const;

/** Reads what stands after `expect`, to the end of the line. */
export function parseExpectation(words: Words): Expectation {
  const expectation = parseKind(words);
  words.end();
  return expectation;
}

function parseKind(words: Words): Expectation {
  const kind = words.choice(KINDS);
  switch (kind) {
    case 'dead': {
      const hosts = words.takeIf('crashed') ? 'crashed' : fixedHosts(words);
      return { kind, hosts, within: within(words) };
    }
    case 'known': {
      const hosts = words.takeIf('relabelled') ? 'relabelled' : fixedHosts(words);
      return { kind, hosts, within: within(words) };
    }
    case 'formed':
      return { kind, within: within(words) };
    case 'agreed': {
      const time = within(words);
      words.takeWord('after');
      return { kind, within: time, after: words.choice(VERBS) };
    }
    case 'never': {
      const state = words.choice(['dead', 'suspected']);
      const hosts = fixedHosts(words);
      return { kind, state, hosts, ...(words.takeIf('by') ? { by: fixedHosts(words) } : {}) };
    }
    case 'false':
      return { kind, what: words.choice(['deaths', 'suspicions']), atMost: limit(words) };
    case 'unchanged':
      return { kind, except: words.takeIf('except') ? fixedHosts(words) : [] };
  }
}

function fixedHosts(words: Words): HostSet {
  return parseHosts(words, { draws: false });
}

function within(words: Words): Millis {
  words.takeWord('within');
  return words.interval('a time');
}

/** `0`, or `at most` and a number. */
function limit(words: Words): number {
  if (words.takeIf('at', 'most')) return words.count('a limit');
  if (words.takeIf('0')) return 0;
  throw new Expected("0 or 'at most' and a number", words.next);
}

/** Writes an expectation so that {@link parseExpectation} reads the same. */
export function renderExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'dead':
    case 'known': {
      const { hosts } = expectation;
      const who = typeof hosts === 'string' ? hosts : renderHosts(hosts);
      return `${expectation.kind} ${who} within ${formatDuration(expectation.within)}`;
    }
    case 'formed':
      return `formed within ${formatDuration(expectation.within)}`;
    case 'agreed':
      return `agreed within ${formatDuration(expectation.within)} after ${expectation.after}`;
    case 'never': {
      const by = expectation.by === undefined ? '' : ` by ${renderHosts(expectation.by)}`;
      return `never ${expectation.state} ${renderHosts(expectation.hosts)}${by}`;
    }
    case 'false':
      return `false ${expectation.what} ${expectation.atMost === 0 ? '' : 'at most '}${expectation.atMost}`;
    case 'unchanged':
      return `unchanged${expectation.except.length === 0 ? '' : ` except ${renderHosts(expectation.except)}`}`;
    default:
      return unreachable(expectation);
  }
}

/** The hosts that an expectation names. */
export function expectedHosts(expectation: Expectation): HostSet {
  switch (expectation.kind) {
    case 'dead':
    case 'known':
      return typeof expectation.hosts === 'string' ? [] : expectation.hosts;
    case 'never':
      return [...expectation.hosts, ...(expectation.by ?? [])];
    case 'unchanged':
      return expectation.except;
    default:
      return [];
  }
}
