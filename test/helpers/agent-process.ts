import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.ts';
import { MetricsText } from './metrics-text.ts';
import { type Exit, exitOf, type ProgramOptions, startMuster } from './program.ts';

const READY_MS = 20_000;
const REQUEST_MS = 3_000;
const LOG_LINES_SHOWN = 30;
export const MEMBERLIST = '/api/v1alpha1/memberlist';

/** One member in the memberlist's JSON. */
export interface MemberJson {
  readonly id: string;
  readonly address: string;
  readonly lastSeen: string;
  readonly version: number;
  readonly state: {
    readonly apiEndpoint: string;
    readonly apiPort: number;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly peerState: 'HEALTHY' | 'SUSPECTED_DEAD' | 'DEAD';
  readonly isLocal: boolean;
  readonly left?: boolean;
  readonly reachability: 'direct' | 'indirect';
}

/** One line of an agent's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly code?: string;
  readonly [field: string]: unknown;
}

interface Ready {
  readonly nodeId: string;
  readonly mesh: string;
  readonly gossipAddress: string;
  readonly httpAddress: string;
}

/** One real agent in a process of its own, on free ports of the loopback unless its flags say otherwise. */
export class AgentProcess {
  readonly id: string;
  readonly log: LogLine[] = [];
  /** What it wrote to either stream that is no log line. */
  readonly other: string[] = [];
  /** Resolves when the process has ended. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #exit: Exit | undefined;
  #ready: Ready | undefined;
  #readyAt = 0;

  /** @param flags come last, so they win over the ones that every agent gets */
  constructor(id: string, flags: readonly string[], options: Omit<ProgramOptions, 'bound'> = {}) {
    this.id = id;
    const standard = ['--node-id', id, '--gossip-bind', '127.0.0.1:0', '--http-bind', '127.0.0.1:0'];
    const child = startMuster(['agent', ...standard, '--log-format', 'json', ...flags], { ...options, bound: true });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#takeLine(line));
    createInterface({ input: child.stderr }).on('line', (line) => this.other.push(line));
    this.exited = exitOf(child).then((exit) => {
      this.#exit = exit;
      return exit;
    });
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Where its gossip server listens. */
  get gossip(): string {
    return this.#known.gossipAddress;
  }

  /** Where its HTTP server listens. */
  get http(): string {
    return this.#known.httpAddress;
  }

  /** The moment of its `ready` line, monotonic, in milliseconds. */
  get readyAt(): number {
    return this.#readyAt;
  }

  get isRunning(): boolean {
    return this.#exit === undefined;
  }

  get #known(): Ready {
    if (this.#ready === undefined) throw new Error(`${this.id} is not ready yet`);
    return this.#ready;
  }

  /** Waits for the `ready` line. */
  async ready(deadlineMs = READY_MS): Promise<this> {
    await eventually({
      what: `${this.id} is ready`,
      deadlineMs,
      read: () => this.#ready,
      until: (ready) => ready !== undefined,
      show: () => this.describe(),
    });
    return this;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`http://${this.http}${path}`, { headers, signal: AbortSignal.timeout(REQUEST_MS) });
  }

  /** Sends a request with a JSON body, or with none. */
  async send(method: string, path: string, body?: object, timeoutMs = REQUEST_MS): Promise<Response> {
    return fetch(`http://${this.http}${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }

  async memberlist(): Promise<readonly MemberJson[]> {
    const answer = await this.get(MEMBERLIST);
    return (await answer.json()) as MemberJson[];
  }

  async metrics(): Promise<MetricsText> {
    const answer = await this.get('/metrics');
    return new MetricsText(await answer.text());
  }

  /**
   * Waits until the memberlist is as wanted.
   *
   * @returns how long it took, in milliseconds
   */
  async waitFor(until: (members: readonly MemberJson[]) => boolean, deadlineMs: number, what: string): Promise<number> {
    return eventually({
      what: `${this.id}: ${what}`,
      deadlineMs,
      read: async () => this.memberlist(),
      until,
      show: describeMembers,
    });
  }

  /** Lines of the log with a code. */
  logged(code: string): readonly LogLine[] {
    return this.log.filter((line) => line.code === code);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** How it stands and what it said last, for a test that failed. */
  describe(): string {
    const end = this.#exit === undefined ? 'runs' : `ended with ${this.#exit.code ?? this.#exit.signal}`;
    const lines = [...this.log.slice(-LOG_LINES_SHOWN).map((line) => JSON.stringify(line)), ...this.other];
    return [`${this.id} (${end}):`, ...lines].join('\n  ');
  }

  #takeLine(line: string): void {
    let parsed: LogLine;
    try {
      parsed = JSON.parse(line) as LogLine;
    } catch {
      this.other.push(line);
      return;
    }
    this.log.push(parsed);
    if (parsed.msg !== 'ready') return;
    this.#readyAt = performance.now();
    this.#ready = parsed as LogLine & Ready;
  }
}

/** Tells whether exactly these members are shown, all HEALTHY. */
export function allHealthy(...ids: readonly string[]): (members: readonly MemberJson[]) => boolean {
  const wanted = ids.toSorted().join();
  return (members) =>
    members.map(({ id }) => id).join() === wanted && members.every(({ peerState }) => peerState === 'HEALTHY');
}

function describeMembers(members: readonly MemberJson[]): string {
  const shown = members.map(
    ({ id, peerState, left, address }) => `${id} ${peerState}${left === true ? ' left' : ''} at ${address}`,
  );
  return shown.join(', ') || 'nobody';
}
