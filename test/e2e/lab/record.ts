import type { AgentProcess, LogLine } from '../../helpers/agent-process.ts';
import type { Agents } from '../../helpers/agents.ts';
import type { Sighting, ViewRecorder } from '../../helpers/view-recorder.ts';

type Shown = Sighting['state'];

/** Many looks at many nodes cost; what is shorter than this is for the logs to tell. */
const POLL_MS = 200;
/** A record with a longer gap in its polls can not vouch for what was never shown. */
export const BLIND_MS = 5_000;

/** What no node may show of one to which nothing happens. */
export const ACCUSED = ['SUSPECTED_DEAD', 'DEAD', 'gone'] as const;

/** That a node came to show a member in a state. */
export interface Showing {
  /** Monotonic, in milliseconds. */
  readonly at: number;
  readonly viewer: string;
  readonly member: string;
  readonly state: Shown;
  /** `poll`: its memberlist was seen so. `log`: it wrote so itself, which no gap between two polls can hide. */
  readonly source: 'poll' | 'log';
}

/** What to look for in a record. What is left out may be anything. */
export interface Question {
  readonly since?: number;
  readonly viewers?: readonly string[];
  readonly members?: readonly string[];
  readonly states?: readonly Shown[];
}

/**
 * All that the nodes of one test ever showed, from two sources: their memberlists, looked at many times a second, and their own logs,
 * which have a line for every change. "Never shown" is thus a fact of the whole time.
 */
export class MeshRecord {
  readonly #agents: Agents;
  readonly #watched: { readonly agent: AgentProcess; readonly polls: ViewRecorder }[] = [];

  constructor(agents: Agents) {
    this.#agents = agents;
  }

  /**
   * Takes an agent in. As a viewer it has the name of its host; what it shows are ids, which are the same unless a test gives another.
   * A node that is started again is one more agent.
   */
  watch(agent: AgentProcess): void {
    this.#watched.push({ agent, polls: this.#agents.record(agent, POLL_MS) });
  }

  /** All that matches, in order of time. */
  showings({ since = 0, viewers, members, states }: Question): readonly Showing[] {
    const all = this.#watched.flatMap(({ agent, polls }) => [...polled(agent, polls), ...logged(agent)]);
    return all
      .filter(({ at }) => at >= since)
      .filter(({ viewer }) => viewers?.includes(viewer) ?? true)
      .filter(({ member }) => members?.includes(member) ?? true)
      .filter(({ state }) => states?.includes(state) ?? true)
      .toSorted((one, other) => one.at - other.at);
  }

  /**
   * How long after a moment the last of the viewers first showed the last of the members in a state, in milliseconds; NaN when one of
   * them never did. A viewer is not asked about itself.
   */
  allShown(since: number, viewers: readonly string[], members: readonly string[], state: Shown): number {
    const first = new Map<string, number>();
    for (const { viewer, member, at } of this.showings({ since, viewers, members, states: [state] })) {
      const pair = `${viewer} ${member}`;
      if (!first.has(pair)) first.set(pair, at - since);
    }
    const pairs = viewers.flatMap((viewer) => members.filter((id) => id !== viewer).map((id) => `${viewer} ${id}`));
    return Math.max(...pairs.map((pair) => first.get(pair) ?? Number.NaN));
  }

  /** Tells whether an agent, at the last look, showed exactly these members HEALTHY, beside those that said goodbye or are gone. */
  showsHealthy(agent: AgentProcess, ids: readonly string[]): boolean {
    const shown = this.#watched.find((watched) => watched.agent === agent)?.polls.shown.values() ?? [];
    const present = [...shown].filter(({ state, left }) => state !== 'gone' && !left);
    return present.length === ids.length && present.every(({ id, state }) => state === 'HEALTHY' && ids.includes(id));
  }

  /** The fewest HEALTHY members that any node showed at any time since a moment, and which node it was. */
  fewestHealthy(since: number): { readonly viewer: string; readonly count: number } {
    const lives = this.#watched.flatMap(({ agent, polls }) =>
      [polled(agent, polls), logged(agent)].map((showings) => ({
        viewer: agent.id,
        count: fewestHealthyOf(showings, Math.max(since, agent.readyAt)),
      })),
    );
    return lives.toSorted((one, other) => one.count - other.count)[0] ?? { viewer: 'nobody', count: 0 };
  }

  /** The longest time for which one of these nodes was not looked at, in milliseconds. */
  longestGap(viewers?: readonly string[]): number {
    const asked = this.#watched.filter(({ agent }) => agent.isRunning && (viewers?.includes(agent.id) ?? true));
    return Math.max(...asked.map(({ polls }) => polls.longestGap));
  }

  /** The lines with a code that some nodes wrote after a moment. */
  lines(code: string, since: number, viewers?: readonly string[]): readonly LogLine[] {
    const asked = this.#watched.filter(({ agent }) => viewers?.includes(agent.id) ?? true);
    return asked.flatMap(({ agent }) => agent.logged(code).filter((line) => writtenAt(line) >= since));
  }
}

function polled(agent: AgentProcess, polls: ViewRecorder): readonly Showing[] {
  return polls.all.map(({ at, id, state }) => ({ at, viewer: agent.id, member: id, state, source: 'poll' }));
}

function logged(agent: AgentProcess): readonly Showing[] {
  return agent.logged('MEMBER_CHANGED').map((line) => ({
    at: writtenAt(line),
    viewer: agent.id,
    member: String(line['member']),
    state: (line['to'] ?? 'gone') as Shown,
    source: 'log',
  }));
}

/** Plays what one source tells of one life of a node anew: what counts is what stands at the end of every moment. */
function fewestHealthyOf(showings: readonly Showing[], since: number): number {
  const healthy = new Set<string>();
  let fewest = Number.POSITIVE_INFINITY;
  for (const [index, { at, member, state }] of showings.entries()) {
    if (state === 'HEALTHY') healthy.add(member);
    else healthy.delete(member);
    const next = showings[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    if (next > at && next > since) fewest = Math.min(fewest, healthy.size);
  }
  return fewest;
}

/** When a line was written, on this process's monotonic clock. */
function writtenAt(line: LogLine): number {
  return Date.parse(String(line['time'])) - performance.timeOrigin;
}
