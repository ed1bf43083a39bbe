import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { AgentProcess, allHealthy } from './agent-process.ts';
import { ViewRecorder } from './view-recorder.ts';

const FORMED_MS = 10_000;
/** All requests of a test come from one address. */
const UNLIMITED = { MUSTER_HTTP_RATE: '1000000', MUSTER_HTTP_BURST: '1000000' };

/** The agents of one test or one file: a mesh name that nobody else has, and an end for everything that was begun. */
export class Agents {
  readonly mesh = `test-${randomUUID()}`;
  readonly #agents: AgentProcess[] = [];
  readonly #recorders: ViewRecorder[] = [];
  readonly #directories: string[] = [];
  readonly #env: Readonly<Record<string, string>>;

  /** @param env variables for every agent, beside the few that every program needs */
  constructor(env: Readonly<Record<string, string>> = {}) {
    this.#env = env;
  }

  /** Starts an agent without waiting for it. */
  launch(id: string, ...flags: readonly string[]): AgentProcess {
    return this.launchInside([], id, ...flags);
  }

  /** The same behind a command that puts it somewhere else, such as `ip netns exec NAME`. */
  launchInside(inside: readonly string[], id: string, ...flags: readonly string[]): AgentProcess {
    const agent = new AgentProcess(id, ['--mesh', this.mesh, ...flags], {
      env: { ...UNLIMITED, ...this.#env },
      inside,
    });
    this.#agents.push(agent);
    return agent;
  }

  /** Starts an agent and waits until it is ready. */
  async start(id: string, ...flags: readonly string[]): Promise<AgentProcess> {
    return this.launch(id, ...flags).ready();
  }

  /** Starts two agents, the second joined to the first, and waits until they know each other. */
  async startPair(ids: readonly [string, string], ...flags: readonly string[]): Promise<[AgentProcess, AgentProcess]> {
    const first = await this.start(ids[0], ...flags);
    const second = await this.start(ids[1], '--join', first.gossip, ...flags);
    await Promise.all([first, second].map(async (agent) => agent.waitFor(allHealthy(...ids), FORMED_MS, 'the pair')));
    return [first, second];
  }

  /** Starts three agents, the others joined to the first, and waits until all know each other. */
  async startThree(
    ids: readonly [string, string, string],
    ...flags: readonly string[]
  ): Promise<[AgentProcess, AgentProcess, AgentProcess]> {
    const first = await this.start(ids[0], ...flags);
    const join = ['--join', first.gossip, ...flags];
    const [second, third] = await Promise.all([this.start(ids[1], ...join), this.start(ids[2], ...join)]);
    const all: [AgentProcess, AgentProcess, AgentProcess] = [first, second, third];
    await Promise.all(all.map(async (agent) => agent.waitFor(allHealthy(...ids), FORMED_MS, 'the three')));
    return all;
  }

  /** Records from now on what an agent shows. */
  record(agent: AgentProcess, pollMs?: number): ViewRecorder {
    const recorder = new ViewRecorder(agent, pollMs);
    this.#recorders.push(recorder);
    return recorder;
  }

  /** A new empty directory. */
  async directory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'muster-test-'));
    this.#directories.push(directory);
    return directory;
  }

  /** How all agents stand and what they said last. */
  describe(): string {
    return this.#agents.map((agent) => agent.describe()).join('\n');
  }

  /** Ends every agent that still runs and removes every directory. */
  async dispose(): Promise<void> {
    for (const agent of this.#agents) if (agent.isRunning) agent.kill('SIGKILL');
    await Promise.all(this.#agents.map(async (agent) => agent.exited));
    await Promise.all(this.#recorders.map(async (recorder) => recorder.stop()));
    await Promise.all(this.#directories.map(async (path) => rm(path, { recursive: true, force: true })));
  }
}

/** The agents of one test. None outlives it, and if it fails, it tells what they logged last. */
export function agentsOf({ onTestFailed, onTestFinished }: TestContext): Agents {
  const agents = new Agents();
  onTestFailed(() => {
    process.stderr.write(`${agents.describe()}\n`);
  });
  onTestFinished(async () => agents.dispose());
  return agents;
}
