import type { TestContext } from 'vitest';
import type { AgentProcess } from '../../helpers/agent-process.ts';
import { Agents } from '../../helpers/agents.ts';
import { eventually } from '../../helpers/eventually.ts';
import { GOSSIP_PORT, type Host, Network } from './network.ts';
import { MeshRecord } from './record.ts';
import { Relay } from './relay.ts';

/** Ten programs that start at once on a busy machine with two cores. */
const READY_MS = 60_000;
const FORMED_MS = 20_000;
const HTTP_PORT = 8080;

/** Hosts in a network of their own, the agents on them, and the record of what these show. */
export class Lab {
  readonly network: Network;
  readonly agents = new Agents();
  readonly record = new MeshRecord(this.agents);

  readonly #relays: Relay[] = [];

  constructor(hostCount: number) {
    this.network = new Network(hostCount);
  }

  get hosts(): readonly Host[] {
    return this.network.hosts;
  }

  /** @throws {Error} when there is no such host */
  host(index: number): Host {
    const host = this.hosts.at(index);
    if (host === undefined) throw new Error(`the lab has no host ${index}`);
    return host;
  }

  /**
   * Starts an agent on a host, with the defaults of the protocol, waits until it is ready, and records from then on what it shows.
   *
   * @param within a command that goes between the host's namespace and the agent
   */
  async start(host: Host, flags: readonly string[] = [], within: readonly string[] = []): Promise<AgentProcess> {
    const agent = await this.startUnwatched(host, flags, within);
    this.record.watch(agent);
    return agent;
  }

  /** The same without the record, for a test that watches later: an agent's first answer costs it a third of what its start does. */
  async startUnwatched(
    host: Host,
    flags: readonly string[] = [],
    within: readonly string[] = [],
  ): Promise<AgentProcess> {
    const http = ['--http-bind', `${host.management}:${HTTP_PORT}`, '--http-insecure'];
    const places = ['--gossip-bind', host.gossip, ...http];
    const agent = this.agents.launchInside([...host.inside, ...within], host.name, ...places, ...flags);
    return agent.ready(READY_MS);
  }

  /**
   * Starts an agent on each of some hosts, the others joined to the first, and waits until all know each other.
   *
   * @param within as of `start`
   */
  async startMesh(hosts: readonly Host[], within: readonly string[] = []): Promise<readonly AgentProcess[]> {
    const [first, ...others] = hosts;
    if (first === undefined) return [];
    const introducer = await this.start(first, [], within);
    const join = ['--join', first.gossip];
    const joined = await Promise.all(others.map(async (host) => this.start(host, join, within)));
    const agents = [introducer, ...joined];
    await this.formed(agents);
    return agents;
  }

  /**
   * Waits until each of the agents shows exactly all of them HEALTHY, beside those that said goodbye. It asks the record: as many
   * requests again would be a load of their own.
   *
   * @returns how long it took, in milliseconds
   */
  async formed(agents: readonly AgentProcess[], deadlineMs = FORMED_MS): Promise<number> {
    const ids = agents.map(({ id }) => id);
    return eventually({
      what: `all of ${ids.join()} show each other HEALTHY`,
      deadlineMs,
      read: () => agents.filter((agent) => !this.record.showsHealthy(agent, ids)),
      until: (others) => others.length === 0,
      show: (others) => `${others.map(({ id }) => id).join()} show something else`,
    });
  }

  /**
   * Starts an agent on a host that lies far away from all others.
   *
   * @param delayMs how much later every byte arrives that comes over a connection to it, one way
   */
  async startFarAway(host: Host, delayMs: number, flags: readonly string[] = []): Promise<AgentProcess> {
    const relay = await Relay.listen(this.network.observer, { host: host.management, port: GOSSIP_PORT }, delayMs);
    this.#relays.push(relay);
    return this.start(host, ['--gossip-bind', `0.0.0.0:${GOSSIP_PORT}`, '--gossip-advertise', relay.address, ...flags]);
  }

  async dispose(): Promise<void> {
    for (const relay of this.#relays) relay.close();
    try {
      await this.agents.dispose();
    } finally {
      this.network.remove();
    }
  }
}

/** The ids of the agents on some hosts. */
export function idsOf(hosts: readonly Host[]): readonly string[] {
  return hosts.map(({ name }) => name);
}

/** The lab of one test. Nothing of it outlives the test, and if that fails, the agents tell what they logged last. */
export function labOf({ onTestFailed, onTestFinished }: TestContext, hostCount: number): Lab {
  const lab = new Lab(hostCount);
  onTestFailed(() => {
    process.stderr.write(`${lab.agents.describe()}\n`);
  });
  onTestFinished(async () => lab.dispose());
  return lab;
}
