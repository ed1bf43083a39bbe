import { setTimeout as delay } from 'node:timers/promises';
import { formatDuration } from '../config/duration.ts';
import { failed, misused } from './complain.ts';
import { demoClusters } from './demo-clusters.ts';
import { type DemoDisplay, linesDisplay } from './demo-display.ts';
import { type DemoFlags, type DemoRequest, parseDemoFlags } from './demo-flags.ts';
import { Fleet } from './demo-fleet.ts';
import { followFleet } from './demo-follow.ts';
import { Keyboard } from './demo-keyboard.ts';
import { DemoNetwork } from './demo-network.ts';
import { type DemoNode, StartFailed } from './demo-node.ts';
import { DemoScreen } from './demo-screen.ts';
import { DemoShow } from './demo-show.ts';
import { allSeeAll } from './demo-view.ts';
import { ExitCode } from './exit-code.ts';
import { nextSignal } from './signals.ts';
import { type StandardOutput, standardOutput } from './standard-output.ts';

const COMMAND = 'muster demo';
/** With more agents, carrying all that they say to each other would take the time that they need themselves. */
const MOST_WITH_NETWORK = 24;

/**
 * `muster demo`: runs a fleet of real agents on loopback and shows what they know of each other, until a signal, until nobody reads
 * any more, or for the time that was asked for. On a terminal, keys do harm to them and mend it. None of its agents outlives it.
 *
 * @param program the file of the command `muster`, which the agents are started from
 * @returns the exit code, once all agents have ended
 */
export async function runDemo(flags: DemoFlags, program: string): Promise<ExitCode> {
  const parsed = parseDemoFlags(flags);
  if (!parsed.ok) return misused(parsed.error);
  const request = parsed.value;
  const output = standardOutput();
  const stop = new AbortController();
  void nextSignal().then(() => stop.abort());
  const ended = AbortSignal.any([stop.signal, output.closed]);
  const hasKeys = output.terminal && process.stdin.isTTY && process.env['TERM'] !== 'dumb';
  const network = hasKeys && request.nodes <= MOST_WITH_NETWORK ? new DemoNetwork() : undefined;
  const fleet = new Fleet(program, network);
  try {
    output.write(`Starting ${agents(request.nodes)} …\n`);
    const nodes = await Promise.race([fleet.start(demoClusters(request.nodes)), aborted(ended)]);
    return nodes === undefined
      ? ExitCode.ok
      : await present({ fleet, nodes, hasKeys, network, request, output, ended });
  } catch (error) {
    if (!(error instanceof StartFailed)) throw error;
    const code = failed(COMMAND, error.message);
    process.stderr.write(error.errors.map((line) => `  ${line}\n`).join(''));
    return code;
  } finally {
    output.write(`Ending ${agents(request.nodes)} …\n`);
    await fleet.stop();
    network?.close();
  }
}

interface Performance {
  readonly fleet: Fleet;
  readonly nodes: readonly DemoNode[];
  readonly hasKeys: boolean;
  /** What the agents call each other through; absent: they call each other directly. */
  readonly network: DemoNetwork | undefined;
  readonly request: DemoRequest;
  readonly output: StandardOutput;
  readonly ended: AbortSignal;
}

/** Shows the fleet until it is time to end. */
async function present({ fleet, nodes, hasKeys, network, request, output, ended }: Performance): Promise<ExitCode> {
  const { runFor } = request;
  const readyAt = performance.now();
  const screen = hasKeys ? new DemoScreen(output) : undefined;
  const display = screen ?? linesDisplay(output);
  if (!hasKeys) output.write(introduction(nodes));
  const finish = new AbortController();
  const over = AbortSignal.any([ended, finish.signal]);
  let keyboard: Keyboard | undefined;
  try {
    if (screen !== undefined) {
      const show = new DemoShow({ fleet, nodes, network, screen, quit: () => finish.abort() });
      keyboard = new Keyboard(process.stdin, (command) => show.take(command));
    }
    sayWhoEnds(nodes, display, screen, () => {
      if (!hasKeys) finish.abort();
    });
    const agreement = watchAgreement(nodes, display, over, readyAt);
    await (runFor === undefined ? aborted(over) : delay(runFor, undefined, { signal: over }).catch(() => undefined));
    const isQuit = over.aborted;
    finish.abort();
    if (ended.aborted) return ExitCode.ok;
    if (!hasKeys && nodes.every((node) => node.process === 'ended')) return failed(COMMAND, 'no agent is left');
    if (runFor === undefined || isQuit || agreement.reached) return ExitCode.ok;
    return failed(
      COMMAND,
      `not all ${request.nodes} clusters saw ${request.nodes} HEALTHY within ${formatDuration(runFor)}`,
    );
  } finally {
    finish.abort();
    keyboard?.close();
    display.close();
  }
}

/** Follows the fleet, and says whenever all see all. */
function watchAgreement(
  nodes: readonly DemoNode[],
  display: DemoDisplay,
  over: AbortSignal,
  readyAt: number,
): { readonly reached: boolean } {
  const agreement = { reached: false };
  let agree = false;
  followFleet(nodes, over, (views) => {
    display.update(views);
    const before = agree;
    agree = allSeeAll(views);
    if (!agree || before) return;
    const after = `${((performance.now() - readyAt) / 1_000).toFixed(1)} s after the last agent was ready`;
    const when = agreement.reached ? ' again' : `, ${after}`;
    display.say(`all ${nodes.length} clusters see ${nodes.length} HEALTHY${when}`);
    agreement.reached = true;
  });
  return agreement;
}

/** Says of every agent that ends though nobody asked it to, and calls back when none is left. */
function sayWhoEnds(
  nodes: readonly DemoNode[],
  display: DemoDisplay,
  screen: DemoScreen | undefined,
  none: () => void,
): void {
  for (const node of nodes) {
    node.onUnexpectedEnd(({ pid, how }) => {
      screen?.did(node.cluster.name, 'end');
      display.say(`the agent of ${node.cluster.name} (pid ${pid}) has ended: ${how}`);
      if (nodes.every((other) => other.process === 'ended')) none();
    });
  }
}

/** Where to look, and what to try, for those who have no keys. */
function introduction(nodes: readonly DemoNode[]): string {
  const widest = Math.max(...nodes.map(({ cluster }) => cluster.name.length));
  const pages = nodes.map(
    ({ cluster, addresses, pid }) => `  ${cluster.name.padEnd(widest)}  ${addresses.http.href}  pid ${pid}`,
  );
  const hint = nodes.length > 1 ? ` To see a death being noticed: kill -9 ${nodes.at(-1)?.pid}` : '';
  const lines = ['', 'Each cluster has a page of its own:', '', ...pages, '', `Ctrl-C ends them all.${hint}`, ''];
  return lines.map((line) => `${line}\n`).join('');
}

function agents(count: number): string {
  return count === 1 ? '1 agent' : `${count} agents`;
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return undefined;
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
