import { type AgentAddresses, DemoAgent } from './demo-agent.ts';
import type { DemoCluster } from './demo-clusters.ts';
import type { DemoNetwork } from './demo-network.ts';

/** How the process of a node is. */
export type ProcessState = 'starting' | 'running' | 'paused' | 'ended';

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

/** The end of a process that nobody has asked for. */
export interface UnexpectedEnd {
  readonly pid: number | undefined;
  readonly how: string;
}

/** The place of one cluster in a demo: its processes come and go, its name and its addresses stay. */
export class DemoNode {
  readonly cluster: DemoCluster;
  readonly #program: string;
  readonly #network: DemoNetwork | undefined;
  #proxy: string | undefined;
  #agent: DemoAgent | undefined;
  #addresses: AgentAddresses | undefined;
  #isReady = false;
  #isEndWanted = false;
  #onUnexpectedEnd: (end: UnexpectedEnd) => void = () => undefined;

  /**
   * @param program the file of the command `muster`
   * @param network what it calls the others through; absent: it calls them directly, and can not be cut off
   */
  constructor(program: string, cluster: DemoCluster, network: DemoNetwork | undefined) {
    this.#program = program;
    this.cluster = cluster;
    this.#network = network;
  }

  get pid(): number | undefined {
    return this.#agent?.pid;
  }

  get process(): ProcessState {
    if (this.#agent?.running !== true) return 'ended';
    if (this.#agent.paused) return 'paused';
    return this.#isReady ? 'running' : 'starting';
  }

  get isCut(): boolean {
    return this.#network?.isCut(this.cluster.name) ?? false;
  }

  /** Where it is reached, since it was ready for the first time. */
  get addresses(): AgentAddresses {
    if (this.#addresses === undefined) throw new Error(`${this.cluster.name} was never ready`);
    return this.#addresses;
  }

  onUnexpectedEnd(listener: (end: UnexpectedEnd) => void): void {
    this.#onUnexpectedEnd = listener;
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param join gossip addresses of others
   * @throws {StartFailed} when it does not get ready
   */
  async start(join: readonly string[]): Promise<void> {
    this.#proxy ??= await this.#network?.attach(this.cluster.name);
    const place = { join, proxy: this.#proxy, former: this.#addresses };
    const agent = new DemoAgent(this.#program, this.cluster, place);
    this.#agent = agent;
    this.#isReady = false;
    this.#isEndWanted = false;
    const ready = await agent.ready;
    if (!ready.ok) throw new StartFailed(agent, ready.error);
    this.#isReady = true;
    this.#addresses = ready.value;
    this.#network?.place(this.cluster.name, ready.value.gossip);
    void this.#reportEnd(agent);
  }

  kill(): void {
    this.#isEndWanted = true;
    this.#agent?.kill();
  }

  pause(): void {
    this.#agent?.pause();
  }

  resume(): void {
    this.#agent?.resume();
  }

  /** Lets it say goodbye and end. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#isEndWanted = true;
    await this.#agent?.stop();
  }

  async #reportEnd(agent: DemoAgent): Promise<void> {
    const how = await agent.ended;
    if (!this.#isEndWanted) this.#onUnexpectedEnd({ pid: agent.pid, how });
  }
}
