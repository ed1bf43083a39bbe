import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { DemoCluster } from './demo-clusters.ts';
import type { DemoNetwork } from './demo-network.ts';
import { DemoNode } from './demo-node.ts';

/** Agents that those who come later join: with two, one of them may die. */
const JOINED = 2;

/** All nodes of a demo: whatever process was started is ended by {@link Fleet.stop}. */
export class Fleet {
  readonly #program: string;
  readonly #network: DemoNetwork | undefined;
  #nodes: readonly DemoNode[] = [];
  #stopping = false;

  /**
   * @param program the file of the command `muster`
   * @param network what the agents call each other through; absent: directly
   */
  constructor(program: string, network?: DemoNetwork) {
    this.#program = program;
    this.#network = network;
  }

  /**
   * Starts an agent for each cluster: the first two one after the other, then the others beside each other, who join those two.
   *
   * @throws {StartFailed} when one does not get ready
   */
  async start(clusters: readonly DemoCluster[]): Promise<readonly DemoNode[]> {
    this.#nodes = clusters.map((cluster) => new DemoNode(this.#program, cluster, this.#network));
    const first = this.#nodes.slice(0, JOINED);
    for (const [at, node] of first.entries()) await this.#start(node, first.slice(0, at));
    const limit = pLimit(Math.max(2, availableParallelism()));
    await Promise.all(this.#nodes.slice(JOINED).map(async (node) => limit(async () => this.#start(node, first))));
    return this.#nodes;
  }

  /**
   * Gives a node a new process, after an end in peace of the one that it may have. Does no more than that when the fleet is ending.
   *
   * @throws {StartFailed} when it does not get ready
   */
  async restart(node: DemoNode): Promise<void> {
    await node.stop();
    if (this.#stopping) return;
    const others = this.#nodes.filter((other) => other !== node && other.process === 'running');
    await this.#start(node, others.slice(0, JOINED));
  }

  /** Ends all agents and starts no more. Resolves when none is left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#nodes.map(async (node) => node.stop()));
  }

  async #start(node: DemoNode, join: readonly DemoNode[]): Promise<void> {
    if (this.#stopping) throw new Error('the demo is ending');
    await node.start(join.map(({ addresses }) => addresses.gossip));
  }
}
