import { connect } from 'node:net';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeStep } from '../../src/wire/encode.ts';
import { type AgentProcess, allHealthy } from '../helpers/agent-process.ts';
import { Agents } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';
import { HostileBytes } from '../helpers/hostile-bytes.ts';
import { MEASURABLE, settledMemory } from '../helpers/measurable.ts';
import { measured } from '../helpers/measured.ts';
import { RawGossip } from '../helpers/raw-gossip.ts';
import type { ViewRecorder } from '../helpers/view-recorder.ts';

const MIB = 2 ** 20;
const TIMES = 1_000;
/** Heartbeats of somebody who reads no answer. */
const FLOOD = 50_000;
/** A thousand of the large kinds take over a minute: they are sent with `FULL=1`. */
const TIMES_LARGE = process.env['FULL'] === '1' ? TIMES : 100;
const WARM_UP_LARGE = 100;
/** Large ones go one at a time, so that what the allocator keeps of them does not hide what is kept for good. */
const AT_ONCE = 8;

/** One way to be hostile: what is sent, what comes back, and which counter tells. */
interface Attack {
  readonly what: string;
  readonly send: () => Promise<string>;
  readonly answer: string;
  readonly counter: 'messages' | 'records';
  readonly reason: string;
  readonly large?: true;
}

describe('hostile peers', () => {
  const agents = new Agents(MEASURABLE);
  let target: AgentProcess;
  let other: AgentProcess;
  let recorders: readonly ViewRecorder[];
  let client: RawGossip;
  let bytes: HostileBytes;

  beforeAll(async () => {
    [target, other] = await agents.startPair(['target', 'other'], '--api-endpoint', 'https://api.example.com');
    recorders = [target, other].map((agent) => agents.record(agent));
    client = new RawGossip(target.gossip);
    bytes = await HostileBytes.load(agents.mesh);
  });

  afterAll(async () => {
    client.close();
    await agents.dispose();
  });

  function call(method: 'SendHeartbeat' | 'SendDiff', message: Buffer): () => Promise<string> {
    return async () => client.call(method, message);
  }

  function attacks(): readonly Attack[] {
    const refused = { answer: 'INVALID_ARGUMENT', counter: 'messages' } as const;
    const exhausted = { answer: 'RESOURCE_EXHAUSTED', counter: 'messages', large: true } as const;
    const dropped = { answer: 'OK', counter: 'records' } as const;
    return [
      {
        what: 'random bytes',
        send: async () => sendBytes(target.gossip, bytes.noise()),
        answer: 'closed',
        counter: 'messages',
        reason: 'not_http2',
      },
      { what: 'malformed protobuf', send: call('SendHeartbeat', bytes.malformed()), ...refused, reason: 'malformed' },
      {
        what: 'malformed protobuf on a stream',
        send: async () => client.stream(bytes.malformed()),
        ...refused,
        reason: 'malformed',
      },
      {
        what: 'a malformed heartbeat on a stream',
        send: async () => client.stream(encodeStep({ number: 1, step: 'heartbeat', message: bytes.malformed() })),
        ...refused,
        reason: 'malformed',
      },
      {
        what: 'a malformed diff on a stream',
        send: async () => client.stream(encodeStep({ number: 1, step: 'diff', message: bytes.malformed() })),
        ...refused,
        reason: 'malformed',
      },
      { what: 'a malformed diff', send: call('SendDiff', bytes.malformed()), ...refused, reason: 'malformed' },
      { what: 'no envelope', send: call('SendHeartbeat', bytes.withoutEnvelope()), ...refused, reason: 'no_envelope' },
      {
        what: 'no source',
        send: call('SendHeartbeat', bytes.heartbeat({ srcId: '' })),
        ...refused,
        reason: 'bad_source',
      },
      {
        what: 'a source id of 1 MB',
        send: call('SendHeartbeat', bytes.heartbeat({ srcId: 's'.repeat(1_000_000) })),
        ...refused,
        reason: 'bad_source',
        large: true,
      },
      {
        what: 'another mesh',
        send: call('SendHeartbeat', bytes.heartbeat({ mesh: 'elsewhere' })),
        answer: 'FAILED_PRECONDITION',
        counter: 'messages',
        reason: 'wrong_mesh',
      },
      {
        what: 'a version of 2^64 - 1',
        send: call('SendDiff', bytes.largestVersion()),
        ...dropped,
        reason: 'version_unsafe',
      },
      {
        what: 'a version of next week',
        send: call('SendDiff', bytes.versionAhead()),
        ...dropped,
        reason: 'version_ahead',
      },
      {
        what: 'a record with an id of 1 MB',
        send: call('SendDiff', bytes.recordWithLongId(1_000_000)),
        ...dropped,
        reason: 'id_invalid',
        large: true,
      },
      {
        what: '100,000 digest entries',
        send: call('SendHeartbeat', bytes.crowd(100_000)),
        ...exhausted,
        reason: 'too_many_members',
      },
      { what: '4.5 MB', send: call('SendHeartbeat', bytes.padded(4_500_000)), ...exhausted, reason: 'too_large' },
      { what: '6 MB', send: call('SendHeartbeat', bytes.padded(6_000_000)), ...exhausted, reason: 'unread' },
      {
        what: '6 MB on a stream',
        send: async () => client.stream(bytes.padded(6_000_000)),
        ...exhausted,
        reason: 'unread',
      },
    ];
  }

  test('are answered with the right status, counted, and survived without growth', { timeout: 900_000 }, async () => {
    const kinds = attacks();
    // The first round lets the heap and the allocator find their size; what the second one adds would be kept for good.
    await attackAll(kinds, warmUpOf);
    const before = await target.metrics();
    const memoryBefore = await settledMemory(target);

    await attackAll(kinds, timesOf);

    const after = await target.metrics();
    const grown = (await settledMemory(target)) - memoryBefore;
    measured(`memory before: ${Math.round(memoryBefore / MIB)} MiB; grown by MiB`, grown / MIB);
    expect(grown).toBeLessThan(20 * MIB);
    const rises = kinds.map(({ what, counter, reason }) => {
      const name = `muster_${counter}_refused_total`;
      return { what, rise: after.value(name, { reason }) - before.value(name, { reason }) };
    });
    expect(rises).toStrictEqual(kinds.map((attack) => ({ what: attack.what, rise: expectedRise(kinds, attack) })));
  });

  test('that take no answers are not read from for long', async () => {
    const heartbeat = encodeStep({ number: 1, step: 'heartbeat', message: bytes.heartbeat() });
    const received = async (): Promise<number> =>
      (await target.metrics()).value('muster_grpc_received_bytes_total', {});
    const before = await received();
    const endFlood = client.flood(heartbeat, FLOOD);
    let taken = 0;
    await eventually({
      what: 'the flood stands still',
      deadlineMs: 30_000,
      read: async () => ((await received()) - before) / heartbeat.length,
      until: (now) => {
        const stands = now > 100 && now - taken < 10;
        taken = now;
        return stands;
      },
    });
    endFlood();
    expect(measured('taken in without an answer', taken, 'heartbeats')).toBeLessThan(FLOOD / 2);
    expect(target.isRunning).toBe(true);
  });

  test('do not come between the others', async () => {
    await Promise.all(
      [target, other].map(async (agent) => agent.waitFor(allHealthy('other', 'target'), 3_000, 'both')),
    );
    for (const recorder of recorders) {
      expect(recorder.of('target').concat(recorder.of('other'))).toHaveLength(2);
      for (const id of ['target', 'other']) expect(recorder.states(id)).toStrictEqual(['HEALTHY']);
      for (const id of ['stranger', 'endless', 'ahead']) expect(recorder.states(id)).toStrictEqual([]);
    }
    expect(target.isRunning).toBe(true);
    expect(target.other).toStrictEqual([]);
  });

  test('leave at most a line a minute for each reason', () => {
    const lines = [...target.logged('MESSAGE_REFUSED'), ...target.logged('RECORD_REFUSED')];
    const reasons = new Set(attacks().map(({ reason }) => reason));
    expect(new Set(lines.map((line) => line['reason']))).toStrictEqual(reasons);
    const minutes = Math.ceil((performance.now() - target.readyAt) / 60_000);
    const tooOften = [...reasons].filter(
      (reason) => lines.filter((line) => line['reason'] === reason).length > minutes,
    );
    expect(tooOften).toStrictEqual([]);
    expect(target.log.filter(({ level }) => level === 'error' || level === 'fatal')).toStrictEqual([]);
  });
});

/** How often an attack is made. */
function timesOf({ large }: Attack): number {
  return large === true ? TIMES_LARGE : TIMES;
}

/** How often it is made before memory is measured. */
function warmUpOf({ large }: Attack): number {
  return large === true ? WARM_UP_LARGE : TIMES;
}

/** What the counter of an attack rises by: some attacks share one. */
function expectedRise(kinds: readonly Attack[], { counter, reason }: Attack): number {
  const same = kinds.filter((attack) => attack.counter === counter && attack.reason === reason);
  return same.reduce((sum, attack) => sum + timesOf(attack), 0);
}

/** Makes every attack its number of times and checks every answer. */
async function attackAll(kinds: readonly Attack[], timesOf: (attack: Attack) => number): Promise<void> {
  for (const attack of kinds) {
    const startedAt = performance.now();
    const times = timesOf(attack);
    const limit = pLimit(attack.large === true ? 1 : AT_ONCE);
    const answers = await Promise.all(Array.from({ length: times }, async () => limit(attack.send)));
    const odd = answers.filter((answer) => answer !== attack.answer);
    expect({ what: attack.what, odd }).toStrictEqual({ what: attack.what, odd: [] });
    measured(`${times} x ${attack.what}`, performance.now() - startedAt);
  }
}

/** Sends bytes and waits until the other side closes. */
async function sendBytes(address: string, bytes: Buffer): Promise<string> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host: host ?? '', port: Number(port) });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve('closed'));
    socket.write(bytes);
  });
}
