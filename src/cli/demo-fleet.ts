import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type AgentAddresses, DemoAgent } from './demo-agent.ts';
import type { DemoCluster } from './demo-clusters.ts';
import type { View } from './demo-view.ts';
import { fetchMemberlist } from './memberlist-client.ts';

/** How long an agent may take to answer before it counts as silent. */
const ANSWER_MS = 2_000;
/** How often each agent is asked: fast enough to time a small fleet, and about 50 questions a second for a large one. */
const POLL_MS = 250;
const POLL_MS_PER_AGENT = 20;
/** Agents that those who come later join: with two, one of them may die. */
const JOINED = 2;

/** An agent that is ready. */
export interface ReadyAgent extends AgentAddresses {
  readonly agent: DemoAgent;
}

/** An agent did not start. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed';
  /** What it wrote to its standard error, safe to print. */
  readonly errors: readonly string[];

  constructor({ cluster, errors }: DemoAgent, reason: string) {
    super(`the agent of ${cluster.name} did not start: ${reason}`);
    this.errors = errors;
  }
}

/** All agents of a demo: whoever has been started is ended by {@link Fleet.stop}. */
export class Fleet {
  readonly #program: string;
  readonly #agents: DemoAgent[] = [];
  #stopping = false;

  /** @param program the file of the command `muster` */
  constructor(program: string) {
    this.#program = program;
  }

  /**
   * Starts an agent for each cluster: the first two one after the other, then the others beside each other, who join those two.
   *
   * @throws {StartFailed} when one does not get ready
   */
  async start(clusters: readonly DemoCluster[]): Promise<readonly ReadyAgent[]> {
    const ready: ReadyAgent[] = [];
    for (const cluster of clusters.slice(0, JOINED)) ready.push(await this.#startOne(cluster, ready));
    const joined = ready.slice();
    const limit = pLimit(Math.max(2, availableParallelism()));
    const others = clusters.slice(JOINED).map(async (cluster) => limit(async () => this.#startOne(cluster, joined)));
    return [...ready, ...(await Promise.all(others))];
  }

  /** Ends all agents and starts no more. Resolves when none is left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#agents.map(async (agent) => agent.stop()));
  }

  async #startOne(cluster: DemoCluster, join: readonly ReadyAgent[]): Promise<ReadyAgent> {
    if (this.#stopping) throw new Error('the demo is ending');
    const agent = new DemoAgent(
      this.#program,
      cluster,
      join.map(({ gossip }) => gossip),
    );
    this.#agents.push(agent);
    const ready = await agent.ready;
    if (!ready.ok) throw new StartFailed(agent, ready.error);
    return { agent, ...ready.value };
  }
}

/**
 * Asks every agent for its members, again and again, until the signal or its end.
 *
 * @param changed is told of all views, in the order of the agents, after each answer and each end
 */
export function followFleet(
  fleet: readonly ReadyAgent[],
  signal: AbortSignal,
  changed: (views: readonly View[]) => void,
): void {
  const views = fleet.map(({ agent }): View => ({ cluster: agent.cluster, condition: 'asked', members: [] }));
  const interval = Math.max(POLL_MS, fleet.length * POLL_MS_PER_AGENT);
  for (const [at, ready] of fleet.entries()) {
    const set = (view: Partial<View>): void => {
      if (signal.aborted) return;
      views[at] = { cluster: ready.agent.cluster, condition: 'asked', members: [], ...views[at], ...view };
      changed(views);
    };
    void ready.agent.ended.then(() => set({ condition: 'ended' }));
    void follow(ready, signal, interval, set);
  }
}

async function follow(
  { agent, http }: ReadyAgent,
  signal: AbortSignal,
  interval: number,
  set: (view: Partial<View>) => void,
): Promise<void> {
  let failures = 0;
  while (agent.running && !signal.aborted) {
    const fetched = await fetchMemberlist(http, { states: [] }, { timeout: ANSWER_MS, signal });
    failures = fetched.ok ? 0 : failures + 1;
    if (!agent.running) return;
    if (fetched.ok) set({ condition: 'answers', members: fetched.value.members });
    // One failure may be the agent's end, which is told of in a moment.
    else if (failures > 1) set({ condition: 'silent' });
    await delay(interval, undefined, { signal }).catch(() => undefined);
  }
}
