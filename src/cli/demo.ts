import { setTimeout as delay } from 'node:timers/promises';
import { formatDuration } from '../config/duration.ts';
import { demoClusters } from './demo-clusters.ts';
import { type DemoDisplay, demoDisplay } from './demo-display.ts';
import { type DemoFlags, type DemoRequest, parseDemoFlags } from './demo-flags.ts';
import { Fleet, followFleet, type ReadyAgent, StartFailed } from './demo-fleet.ts';
import { allSeeAll } from './demo-view.ts';
import { ExitCode } from './exit-code.ts';
import { nextSignal } from './signals.ts';
import { type StandardOutput, standardOutput } from './standard-output.ts';

/**
 * `muster demo`: runs a fleet of real agents on loopback and shows what they know of each other, until a signal, until nobody reads
 * any more, or for the time that was asked for. None of its agents outlives it.
 *
 * @param program the file of the command `muster`, which the agents are started from
 * @returns the exit code, once all agents have ended
 */
export async function runDemo(flags: DemoFlags, program: string): Promise<ExitCode> {
  const parsed = parseDemoFlags(flags);
  if (!parsed.ok) {
    for (const problem of parsed.error) process.stderr.write(`${problem}\n`);
    return ExitCode.usage;
  }
  const request = parsed.value;
  const output = standardOutput();
  const stop = new AbortController();
  void nextSignal().then(() => stop.abort());
  const ended = AbortSignal.any([stop.signal, output.closed]);
  const fleet = new Fleet(program);
  try {
    output.write(`Starting ${agents(request.nodes)} …\n`);
    const ready = await Promise.race([fleet.start(demoClusters(request.nodes)), aborted(ended)]);
    return ready === undefined ? ExitCode.ok : await present(ready, request, output, ended);
  } catch (error) {
    if (!(error instanceof StartFailed)) throw error;
    const lines = [`muster demo: ${error.message}`, ...error.errors.map((line) => `  ${line}`)];
    process.stderr.write(lines.map((line) => `${line}\n`).join(''));
    return ExitCode.failed;
  } finally {
    output.write(`Ending ${agents(request.nodes)} …\n`);
    await fleet.stop();
  }
}

/** Shows the fleet until it is time to end. */
async function present(
  fleet: readonly ReadyAgent[],
  { nodes, runFor }: DemoRequest,
  output: StandardOutput,
  ended: AbortSignal,
): Promise<ExitCode> {
  const readyAt = performance.now();
  const display = demoDisplay(output);
  display.introduce(introduction(fleet));
  const finish = new AbortController();
  const over = AbortSignal.any([ended, finish.signal]);
  sayWhoEnds(fleet, display, over, () => finish.abort());
  let agreed = 0;
  let agree = false;
  followFleet(fleet, over, (views) => {
    display.update(views);
    const before = agree;
    agree = allSeeAll(views);
    if (!agree || before) return;
    agreed += 1;
    const after = `${((performance.now() - readyAt) / 1_000).toFixed(1)} s after the last agent was ready`;
    display.say(`all ${nodes} clusters see ${nodes} HEALTHY${agreed > 1 ? ' again' : ''}, ${after}`);
  });
  try {
    await (runFor === undefined ? aborted(over) : delay(runFor, undefined, { signal: over }).catch(() => undefined));
  } finally {
    finish.abort();
    display.close();
  }
  if (ended.aborted) return ExitCode.ok;
  if (fleet.every(({ agent }) => !agent.running)) return failed('no agent is left');
  if (runFor === undefined || agreed > 0) return ExitCode.ok;
  return failed(`not all ${nodes} clusters saw ${nodes} HEALTHY within ${formatDuration(runFor)}`);
}

/** Says of every agent that ends before the demo does, and calls back when none is left. */
function sayWhoEnds(fleet: readonly ReadyAgent[], display: DemoDisplay, over: AbortSignal, none: () => void): void {
  const sayEnd = async ({ agent }: ReadyAgent): Promise<void> => {
    const how = await agent.ended;
    if (over.aborted) return;
    display.say(`the agent of ${agent.cluster.name} (pid ${agent.pid}) has ended: ${how}`);
    if (fleet.every(({ agent: other }) => !other.running)) none();
  };
  for (const ready of fleet) void sayEnd(ready);
}

/** Where to look, and what to try. */
function introduction(fleet: readonly ReadyAgent[]): readonly string[] {
  const widest = Math.max(...fleet.map(({ agent }) => agent.cluster.name.length));
  const pages = fleet.map(
    ({ agent, http }) => `  ${agent.cluster.name.padEnd(widest)}  ${http.href}  pid ${agent.pid}`,
  );
  const last = fleet.at(-1)?.agent.pid;
  const hint = fleet.length > 1 ? ` To see a death being noticed: kill -9 ${last}` : '';
  return ['', 'Each cluster has a page of its own:', '', ...pages, '', `Ctrl-C ends them all.${hint}`, ''];
}

function failed(message: string): ExitCode {
  process.stderr.write(`muster demo: ${message}\n`);
  return ExitCode.failed;
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
