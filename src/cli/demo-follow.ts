import { setTimeout as delay } from 'node:timers/promises';
import type { DemoNode } from './demo-node.ts';
import type { View } from './demo-view.ts';
import { fetchMemberlist, type ListedMember } from './memberlist-client.ts';

/** How long an agent may take to answer before it counts as silent. */
const ANSWER_MS = 2_000;
/** How often each agent is asked: fast enough to time a small fleet, and about 50 questions a second for a large one. */
const POLL_MS = 250;
const POLL_MS_PER_AGENT = 20;

interface Answer {
  readonly condition: View['condition'];
  readonly members: readonly ListedMember[];
}

/**
 * Asks every agent for its members, again and again, until the signal; also those that come back.
 *
 * @param changed is told of all views, in the order of the nodes, after each answer and each end
 */
export function followFleet(
  nodes: readonly DemoNode[],
  signal: AbortSignal,
  changed: (views: readonly View[]) => void,
): void {
  const answers = nodes.map((): Answer => ({ condition: 'asked', members: [] }));
  const interval = Math.max(POLL_MS, nodes.length * POLL_MS_PER_AGENT);
  for (const [at, node] of nodes.entries()) {
    const set = (answer: Partial<Answer>): void => {
      if (signal.aborted) return;
      answers[at] = { condition: 'asked', members: [], ...answers[at], ...answer };
      changed(nodes.map((each, index) => viewOf(each, answers[index])));
    };
    void follow(node, signal, interval, set);
  }
}

function viewOf(node: DemoNode, answer: Answer | undefined): View {
  const { cluster, process, isCut } = node;
  const { condition = 'asked', members = [] } = answer ?? {};
  return { cluster, process, isCut, condition, members };
}

async function follow(
  node: DemoNode,
  signal: AbortSignal,
  interval: number,
  set: (answer: Partial<Answer>) => void,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const asked = node.pid;
    // A paused one is not asked: a connection that waits for it would keep it from ending once it goes on.
    const answer = node.process === 'running' ? await ask(node, signal) : undefined;
    if (node.process === 'ended' || node.process === 'starting' || node.pid !== asked) {
      failures = 0;
      set({ condition: node.process === 'ended' ? 'ended' : 'asked' });
    } else if (answer !== undefined) {
      failures = 0;
      set({ condition: 'answers', members: answer });
    } else {
      failures += node.process === 'paused' ? 2 : 1;
      // One failure may be the agent's end, which is known in a moment.
      if (failures > 1) set({ condition: 'silent' });
    }
    await delay(interval, undefined, { signal }).catch(() => undefined);
  }
}

async function ask(node: DemoNode, signal: AbortSignal): Promise<readonly ListedMember[] | undefined> {
  const fetched = await fetchMemberlist(node.addresses.http, { states: [] }, { timeout: ANSWER_MS, signal });
  return fetched.ok ? fetched.value.members : undefined;
}
