import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { describeOutcome } from '../../sim/replay/describe.ts';
import { readLines } from '../../sim/replay/lines.ts';
import { type ReplayOutcome, replay } from '../../sim/replay/replay.ts';
import { agentsOf } from '../helpers/agents.ts';
import { runMuster } from '../helpers/program.ts';

/** Cycles short enough that a crash is noticed, suspected and sentenced within the test. */
const QUICK = ['--gossip-interval', '200ms'];

describe.concurrent('muster agent --record', () => {
  test('is replayed to the same effects by another core: of a node that left, one that was killed, and one that saw both', async (context) => {
    const agents = agentsOf(context);
    const directory = await agents.directory();
    const file = (id: string): string => join(directory, `${id}.ndjson`);
    const a = await agents.start('a', '--record', file('a'), ...QUICK);
    const others = ['b', 'c'].map(async (id) => agents.start(id, '--join', a.gossip, '--record', file(id), ...QUICK));
    const [b, c] = (await Promise.all(others)) as [typeof a, typeof a];
    await a.waitFor((members) => members.length === 3, 5_000, 'all three');
    await delay(1_000);
    b.kill('SIGKILL');
    await a.waitFor(dead('b'), 8_000, 'b is dead');
    c.kill('SIGTERM');
    expect(await c.exited).toStrictEqual({ code: 0, signal: null });
    await a.waitFor(dead('c'), 2_000, 'c has left');
    a.kill('SIGTERM');
    expect(await a.exited).toStrictEqual({ code: 0, signal: null });

    for (const [id, ended] of [
      ['a', { cutOff: false }],
      ['b', {}],
      ['c', { cutOff: false }],
    ] as const) {
      const outcome = replay(readLines(file(id)));
      expect(outcome, `${id}: ${describeOutcome(outcome)}`).toMatchObject({ kind: 'same', ...ended });
      expect(inputsOf(outcome)).toBeGreaterThan(10);
    }
    expect(await lastEffects(file('a'))).toContain('leaveFinished');
    expect(await lastEffects(file('c'))).toContain('leaveFinished');
    const seen = await readFile(file('a'), 'utf8');
    for (const state of ['SUSPECTED_DEAD', 'DEAD']) expect(seen).toContain(`"to":"${state}"`);
    for (const agent of [a, b, c]) expect(agent.logged('RECORD_FAILED')).toEqual([]);
  });

  test('refuses a file that exists, and one in a directory that does not', async (context) => {
    const directory = await agentsOf(context).directory();
    const existing = join(directory, 'run.ndjson');
    await writeFile(existing, 'precious');
    const [refused, nowhere] = await Promise.all(
      [existing, join(directory, 'none', 'run.ndjson')].map(async (path) => runMuster(['agent', '--record', path])),
    );
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused?.stderr).toMatch(
      /^--record: there is a file ".*run\.ndjson" already; a recording needs a new one\n$/,
    );
    expect(await readFile(existing, 'utf8')).toBe('precious');
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere?.stderr).toMatch(/^--record: there is no directory for ".*run\.ndjson"\n$/);
  });

  test('leaves no empty recording behind when the agent can not start', async (context) => {
    const agents = agentsOf(context);
    const file = join(await agents.directory(), 'run.ndjson');
    const taken = await agents.start('a');
    const { code } = await runMuster(['agent', '--gossip-bind', taken.gossip, '--record', file]);
    expect(code).toBe(1);
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

function dead(member: string) {
  return (members: readonly { readonly id: string; readonly peerState: string }[]): boolean =>
    members.some(({ id, peerState }) => id === member && peerState === 'DEAD');
}

function inputsOf(outcome: ReplayOutcome): number {
  return outcome.kind === 'same' ? outcome.inputs : Number.NaN;
}

/** The kinds of effects in the last lines of a recording. */
async function lastEffects(file: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-5);
  return lines.flatMap((line) => (JSON.parse(line) as { effects: { kind: string }[] }).effects.map(({ kind }) => kind));
}
