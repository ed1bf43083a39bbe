import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { err, ok, type Result } from '../base/result.ts';
import type { DemoCluster } from './demo-clusters.ts';
import { visible } from './terminal-text.ts';

/** How long an agent may take from its start until it is ready. */
const READY_TIMEOUT_MS = 30_000;
/** How long an agent may take to say goodbye before it is killed. */
const STOP_TIMEOUT_MS = 7_000;
const ANY_PORT = '127.0.0.1:0';
/** What is kept of an agent's standard error, in characters: its end tells why it died. */
const KEPT_ERRORS = 4_096;

/** Where a ready agent is reached. */
export interface AgentAddresses {
  /** `host:port`, for `--join`. */
  readonly gossip: string;
  /** Its page. */
  readonly http: URL;
}

/** Where an agent runs, and whom it finds. */
export interface AgentPlace {
  /** Gossip addresses of agents that run already. */
  readonly join: readonly string[];
  /** The proxy that it calls the others through, `host:port`. */
  readonly proxy?: string | undefined;
  /** Where its former process was reached: it takes the same addresses. */
  readonly former?: AgentAddresses | undefined;
}

const READY_LINE = z.object({ msg: z.literal('ready'), gossipAddress: z.string(), httpAddress: z.string() });

/**
 * One agent as a process of its own. It has its own process group, so that Ctrl-C at the terminal reaches only the demo, which then
 * lets it leave in peace; and a channel to the demo, so that it also ends when the demo is killed without a word.
 */
export class DemoAgent {
  readonly cluster: DemoCluster;
  /** Resolves when it is ready, or with the reason why it never will be. */
  readonly ready: Promise<Result<AgentAddresses, string>>;
  /** Resolves with how it ended: `exit code 1` or `SIGKILL`. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  /** There while the process is stopped: it goes on when this ends, however that comes about. */
  #waker: ChildProcess | undefined;
  #errors = '';
  #running = true;

  /** @param program the file of the command `muster` */
  constructor(program: string, cluster: DemoCluster, place: AgentPlace) {
    this.cluster = cluster;
    this.#child = spawn(process.execPath, [...process.execArgv, program, ...agentArguments(cluster, place)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
      env: withoutSettings(process.env),
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#errors = (this.#errors + chunk).slice(-KEPT_ERRORS);
    });
    this.ended = this.#whenEnded();
    this.ready = this.#whenReady();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Tells whether the process is stopped: it is there, and does nothing. */
  get paused(): boolean {
    return this.#running && this.#waker !== undefined;
  }

  /** Ends it without a word. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Stops the process where it is. It goes on at {@link DemoAgent.resume}, or when the demo ends in whatever way. */
  pause(): void {
    if (!this.#running || this.#waker !== undefined) return;
    const waker = spawn('/bin/sh', ['-c', 'read -r _; kill -CONT "$0" 2>/dev/null', String(this.pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    waker.once('error', () => this.resume());
    this.#waker = waker;
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
    this.#waker?.stdin?.end();
    this.#waker = undefined;
  }

  /** The last lines of its standard error, safe to print. */
  get errors(): readonly string[] {
    return this.#errors
      .split('\n')
      .map((line) => visible(line.trimEnd()))
      .filter((line) => line !== '');
  }

  /** Lets it say goodbye and end; kills it when that takes too long. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.resume();
    this.#child.kill('SIGTERM');
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(kill);
  }

  async #whenEnded(): Promise<string> {
    return new Promise((resolve) => {
      const end = (how: string): void => {
        this.#running = false;
        this.resume();
        resolve(how);
      };
      this.#child.once('close', (code, signal) => end(signal ?? `exit code ${code}`));
      this.#child.once('error', (error) => {
        if (this.#child.pid === undefined) end(visible(error.message));
      });
    });
  }

  async #whenReady(): Promise<Result<AgentAddresses, string>> {
    return new Promise((resolve) => {
      const late = setTimeout(
        () => resolve(err(`it was not ready after ${READY_TIMEOUT_MS / 1_000} s`)),
        READY_TIMEOUT_MS,
      );
      const settle = (outcome: Result<AgentAddresses, string>): void => {
        clearTimeout(late);
        resolve(outcome);
      };
      void this.ended.then((how) => settle(err(`it ended with ${how}`)));
      if (this.#child.stdout === null) return;
      // All of the log is read: a full pipe would stop the agent.
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        const addresses = addressesIn(line);
        if (addresses !== undefined) settle(ok(addresses));
      });
    });
  }
}

function agentArguments(
  { name, apiEndpoint, apiPort, labels }: DemoCluster,
  { join, proxy, former }: AgentPlace,
): string[] {
  const settings = {
    'node-id': name,
    mesh: 'demo',
    'log-format': 'json',
    'gossip-bind': former?.gossip ?? ANY_PORT,
    'http-bind': former?.http.host ?? ANY_PORT,
    ...(proxy === undefined ? {} : { 'gossip-proxy': proxy }),
    'api-endpoint': apiEndpoint,
    'api-port': String(apiPort),
  };
  return [
    'agent',
    ...Object.entries(settings).flatMap(([flag, value]) => [`--${flag}`, value]),
    ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
    ...join.flatMap((address) => ['--join', address]),
  ];
}

/** The environment without Muster's variables: what is meant for an agent of the user's must not change those of the demo. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('MUSTER_')));
}

function addressesIn(line: string): AgentAddresses | undefined {
  try {
    const parsed = READY_LINE.safeParse(JSON.parse(line));
    if (!parsed.success) return undefined;
    return { gossip: parsed.data.gossipAddress, http: new URL(`http://${parsed.data.httpAddress}/`) };
  } catch {
    return undefined;
  }
}
