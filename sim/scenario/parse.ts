import { type Millis, millis } from '../../src/base/brands.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { isHostDeed, namedBy, newcomersOf, parseDeed } from './deed.ts';
import { type Expectation, expectedHosts, parseExpectation } from './expectation.ts';
import { type HostPlace, type HostSet, numberOf, parseHosts, placesOf, regionsOf } from './hosts.ts';
import { NETWORKS, type NetworkName, type Scenario, type Step, type When } from './scenario.ts';
import { parseSetting, type Settings } from './settings.ts';
import { Expected, Words } from './words.ts';

const STATEMENTS = ['nodes', 'network', 'join', 'start', 'run', 'set', 'at', 'every', 'each', 'expect'] as const;
const MAX_NODES = 10_000;
const DEFAULT_JOIN: HostSet = [{ kind: 'one', place: 'n0' }];

/** What has been read so far; what is undefined has not been said. */
interface Draft {
  nodes?: number;
  network?: NetworkName;
  join?: HostSet;
  startOver?: Millis;
  run?: Millis;
  settings: Settings;
  readonly steps: Step[];
  readonly expectations: Expectation[];
}

/** The hosts that a line names, to be checked when all hosts are known. */
interface Naming {
  readonly line: number;
  /** Those that have to be there. */
  readonly hosts: HostSet;
  readonly newcomers: readonly HostPlace[];
}

/**
 * Reads a scenario.
 *
 * @param file what to call it in messages
 * @returns the scenario, or a line for every mistake: `file:line: expected …, got …`
 */
export function parseScenario(text: string, file: string): Result<Scenario, readonly string[]> {
  const lines = text.split(/\r?\n/);
  const draft: Draft = { settings: {}, steps: [], expectations: [] };
  const problems: { readonly line: number; readonly why: string }[] = [];
  const namings: Naming[] = [];
  for (const [index, whole] of lines.entries()) {
    const words = new Words(whole.replace(/#.*$/, ''));
    if (words.next === undefined) continue;
    try {
      namings.push({ line: index + 1, ...parseStatement(words, draft) });
    } catch (error) {
      if (!(error instanceof Expected)) throw error;
      problems.push({ line: index + 1, why: error.message });
    }
  }
  const { nodes, run } = draft;
  problems.push(...misnamed(namings, nodes ?? MAX_NODES, draft.network ?? 'lan'));
  const missing = [
    ...(nodes === undefined && !mentions(lines, 'nodes') ? ["expected a line 'nodes COUNT', got none"] : []),
    ...(run === undefined && !mentions(lines, 'run') ? ["expected a line 'run DURATION', got none"] : []),
  ];
  const said = problems
    .toSorted((one, other) => one.line - other.line)
    .map(({ line, why }) => `${file}:${line}: ${why}`);
  if (said.length > 0 || missing.length > 0 || nodes === undefined || run === undefined) {
    return err([...said, ...missing.map((why) => `${file}: ${why}`)]);
  }
  const { network = 'lan', join = DEFAULT_JOIN, startOver = millis(0), settings, steps, expectations } = draft;
  return ok({ about: about(lines), nodes, network, join, startOver, run, settings, steps, expectations });
}

function parseStatement(words: Words, draft: Draft): Omit<Naming, 'line'> {
  const nothing = { hosts: [], newcomers: [] };
  const statement = words.choice(STATEMENTS);
  switch (statement) {
    case 'nodes':
      once(draft.nodes, 'nodes');
      draft.nodes = nodeCount(words);
      break;
    case 'network':
      once(draft.network, 'network');
      draft.network = words.choice(NETWORKS);
      break;
    case 'join':
      once(draft.join, 'join');
      draft.join = parseHosts(words, { draws: false });
      words.end();
      return { hosts: draft.join, newcomers: [] };
    case 'start':
      words.takeWord('over');
      once(draft.startOver, 'start over');
      draft.startOver = words.duration('a time');
      break;
    case 'run':
      once(draft.run, 'run');
      draft.run = words.interval('a time');
      break;
    case 'set': {
      const setting = parseSetting(words);
      for (const name of Object.keys(setting))
        if (name in draft.settings) throw new Expected(`one 'set ${name}'`, name);
      draft.settings = { ...draft.settings, ...setting };
      break;
    }
    case 'expect': {
      const expectation = parseExpectation(words);
      draft.expectations.push(expectation);
      return { hosts: expectedHosts(expectation), newcomers: [] };
    }
    default: {
      const when = parseWhen(words, statement);
      const verb = words.next;
      const deed = parseDeed(words);
      if (when.kind === 'each' && !isHostDeed(deed)) {
        throw new Expected("after 'each' what is done to single hosts, such as restart", verb);
      }
      draft.steps.push({ when, deed });
      return { hosts: namedBy(deed), newcomers: newcomersOf(deed) };
    }
  }
  words.end();
  return nothing;
}

function parseWhen(words: Words, kind: When['kind']): When {
  if (kind === 'at') return { kind, time: words.duration('a time') };
  const interval = words.interval('a time between two');
  words.takeWord('from');
  const from = words.duration('the time of the first');
  if (kind === 'each') return { kind, interval, from };
  words.takeWord('to');
  const last = words.next;
  const to = words.duration('the time of the last');
  if (to < from) throw new Expected('a time that is not before the first', last);
  return { kind, interval, from, to };
}

function nodeCount(words: Words): number {
  const word = words.next;
  const nodes = words.count('how many nodes');
  if (nodes < 1 || nodes > MAX_NODES) throw new Expected(`from 1 to ${MAX_NODES} nodes`, word);
  return nodes;
}

function once(held: unknown, statement: string): void {
  if (held !== undefined) throw new Expected(`one line '${statement}'`, statement);
}

/** Hosts and regions that are named and not there, and newcomers that are there already. */
function misnamed(
  namings: readonly Naming[],
  nodes: number,
  network: NetworkName,
): { readonly line: number; readonly why: string }[] {
  const isNode = (place: HostPlace): boolean =>
    (numberOf(place) ?? nodes) < nodes || place === 'half' || place === 'last';
  const known = new Set(namings.flatMap(({ newcomers }) => newcomers));
  return namings.flatMap(({ line, hosts, newcomers }) => {
    const unknown = placesOf(hosts).find((place) => !isNode(place) && !known.has(place));
    const there = newcomers.find(isNode);
    const region = network === 'world' ? undefined : regionsOf(hosts)[0];
    const mistakes = [
      ...(unknown === undefined ? [] : [new Expected(`a host from n0 to n${nodes - 1} or a newcomer`, unknown)]),
      ...(there === undefined ? [] : [new Expected('a newcomer with a name of its own', there)]),
      ...(region === undefined ? [] : [new Expected("hosts without regions, which only 'network world' has", region)]),
    ];
    return mistakes.map(({ message }) => ({ line, why: message }));
  });
}

/** A line that is wrong has been complained of; it need not be missed as well. */
function mentions(lines: readonly string[], statement: string): boolean {
  return lines.some((line) => new Words(line).next === statement);
}

/** The comment that the file begins with. */
function about(lines: readonly string[]): readonly string[] {
  const text: string[] = [];
  for (const line of lines) {
    const [, comment] = /^\s*#\s?(.*)$/.exec(line) ?? [];
    if (comment === undefined && line.trim() !== '') break;
    if (comment !== undefined) text.push(comment.trimEnd());
  }
  return text;
}
