import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { millis, nodeId, unixMillis } from '../../src/base/brands.ts';
import type { DeltaAnswer, Diff, Heartbeat } from '../../src/gossip/messages.ts';
import { CallStream } from '../../src/node/call-stream.ts';
import { type CallOutcome, ClientPool } from '../../src/node/client-pool.ts';
import { GossipServer } from '../../src/node/gossip-server.ts';
import { asIs, gossipService, type Incoming, STREAM_STEPS } from '../../src/node/service.ts';
import { decodeStepRequest, decodeStepResponse } from '../../src/wire/decode.ts';
import { encodeStep, encodeStepRefusal } from '../../src/wire/encode.ts';
import type { Step, StepMessage, StepRefusal } from '../../src/wire/step.ts';
import { eventually } from '../helpers/eventually.ts';
import { localNode } from '../helpers/local-node.ts';

const { sendHeartbeat, sendDiff, probe } = gossipService({ bytes: () => undefined, delta: () => undefined });
const TIMEOUT = millis(500);

/** A heartbeat as it comes on a stream. */
interface Asked {
  readonly number: number;
  readonly heartbeat: Incoming<Heartbeat>;
}
/** An answer as it goes out on a stream. */
interface Told {
  readonly number: number;
  readonly diff: Diff;
}
/** A stream of a peer that takes what comes for heartbeats. */
type Stream = ServerDuplexStream<Asked, Told>;
/** A stream of a peer that looks itself. */
type RawStream = ServerDuplexStream<Buffer, Buffer>;

function heartbeatFrom(source: string, mesh = 'default'): Heartbeat {
  return { source: nodeId(source), mesh, sentAt: unixMillis(Date.now()), digest: new Map() };
}

/** An answer that says by the name of its sender which heartbeat it is to. */
function diffTo(heartbeat: Incoming<Heartbeat>): Diff {
  const source = nodeId(`to-${sourceOf(heartbeat)}`);
  return { source, mesh: 'default', delta: [], digest: new Map(), pushOnly: false };
}

function answerTo({ number, heartbeat }: Asked): Told {
  return { number, diff: diffTo(heartbeat) };
}

function sourceOf(heartbeat: Incoming<Heartbeat>): string {
  return heartbeat.ok ? heartbeat.value.message.source : 'nobody';
}

/** A peer made for the test. Without `stream` it knows calls only, as an elder one does. */
async function peer(
  stream?: (stream: Stream) => void,
): Promise<{ address: string; calls: () => number; server: Server }> {
  const server = new Server();
  let calls = 0;
  const unary = (call: { request: Incoming<Heartbeat> }, reply: (error: ServiceError | null, answer: Diff) => void) => {
    calls += 1;
    reply(null, diffTo(call.request));
  };
  const streamed = {
    ...STREAM_STEPS,
    requestDeserialize: (bytes: Buffer): Asked => {
      const { number, message } = opened(bytes);
      return { number, heartbeat: sendHeartbeat.requestDeserialize(message) };
    },
    responseSerialize: ({ number, diff }: Told) =>
      encodeStep({ number, step: 'heartbeat', message: sendHeartbeat.responseSerialize(diff) }),
  };
  if (stream === undefined) server.addService({ SendHeartbeat: sendHeartbeat }, { SendHeartbeat: unary });
  else
    server.addService({ SendHeartbeat: sendHeartbeat, Streamed: streamed }, { SendHeartbeat: unary, Streamed: stream });
  return { address: await listening(server), calls: () => calls, server };
}

/** A peer made for the test that answers each message on a stream as it is told to, or not at all. */
async function rawPeer(
  answer: (asked: StepMessage) => Buffer | undefined,
): Promise<{ address: string; streams: () => number }> {
  const server = new Server();
  let streams = 0;
  server.addService(
    { Steps: STREAM_STEPS },
    {
      Steps: (stream: RawStream) => {
        streams += 1;
        stream.on('data', (request: Buffer) => {
          const bytes = answer(opened(request));
          if (bytes !== undefined) stream.write(bytes);
        });
        stream.on('end', () => stream.end());
      },
    },
  );
  return { address: await listening(server), streams: () => streams };
}

async function listening(server: Server, host = '127.0.0.1'): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

function opened(bytes: Buffer): StepMessage {
  const decoded = decodeStepRequest(bytes);
  if (!decoded.ok) throw new Error(decoded.error.detail);
  return decoded.value;
}

function newPool({ timeout = TIMEOUT, streams = true } = {}): ClientPool {
  const pool = new ClientPool(timeout, { streams });
  onTestFinished(() => pool.close());
  return pool;
}

async function greet(pool: ClientPool, address: string, source: string): Promise<string> {
  return said(await pool.call(sendHeartbeat, address, 'pooled', heartbeatFrom(source)));
}

/** Tells a peer news, as `n` of the default mesh. */
async function push(pool: ClientPool, address: string, mesh = 'default'): Promise<string> {
  const message = { source: nodeId('n'), mesh, delta: [], digest: new Map(), pushOnly: true };
  return said(await pool.call(sendDiff, address, 'pooled', message));
}

function said(outcome: CallOutcome<Diff | DeltaAnswer>): string {
  if (!outcome.ok) return outcome.reason;
  return outcome.answer.ok ? outcome.answer.value.message.source : 'unreadable';
}

const answering = (stream: Stream): void => {
  stream.on('data', (asked: Asked) => stream.write(answerTo(asked)));
  stream.on('end', () => stream.end());
};

describe('heartbeats to one peer', () => {
  test('go over one stream, and each gets its own answer', async () => {
    let streams = 0;
    const { address, calls } = await peer((stream) => {
      streams += 1;
      answering(stream);
    });
    const pool = newPool();
    const names = ['a', 'b', 'c', 'd'];
    expect(await Promise.all(names.map(async (name) => greet(pool, address, name)))).toEqual(
      names.map((name) => `to-${name}`),
    );
    expect(await greet(pool, address, 'e')).toBe('to-e');
    expect([streams, calls()]).toEqual([1, 0]);
  });

  test('are calls where the peer knows no stream, from the first one on', async () => {
    const { address, calls } = await peer();
    const pool = newPool();
    expect(await greet(pool, address, 'a')).toBe('to-a');
    expect(await greet(pool, address, 'b')).toBe('to-b');
    expect(calls()).toBe(2);
  });

  test('are calls where that is wanted', async () => {
    const { address, calls } = await peer(answering);
    expect(await greet(newPool({ streams: false }), address, 'a')).toBe('to-a');
    expect(calls()).toBe(1);
  });

  test('over a fresh connection are calls', async () => {
    const { address, calls } = await peer(answering);
    const pool = newPool();
    expect(said(await pool.call(sendHeartbeat, address, 'fresh', heartbeatFrom('a')))).toBe('to-a');
    expect(calls()).toBe(1);
  });

  test('that are not answered in time fail, and after three in a row the next goes over a new connection', async () => {
    const streams: Stream[] = [];
    const { address } = await peer((stream) => {
      streams.push(stream);
      if (streams.length > 1) answering(stream);
      else stream.on('data', () => undefined);
    });
    const pool = newPool();
    expect(await Promise.all(['a', 'b', 'c'].map(async (name) => greet(pool, address, name)))).toEqual(
      Array.from({ length: 3 }, () => 'timeout'),
    );
    expect(await greet(pool, address, 'd')).toBe('to-d');
    expect(streams).toHaveLength(2);
    await eventually({
      what: 'the first stream is given up',
      deadlineMs: 5_000,
      read: () => streams[0]?.cancelled,
      until: (cancelled) => cancelled === true,
    });
  });

  test('that are answered late fail and are told of it, and keep their connection', async () => {
    const streams: Stream[] = [];
    const { address } = await peer((stream) => {
      streams.push(stream);
      stream.on('data', (asked: Asked) => setTimeout(() => stream.write(answerTo(asked)), TIMEOUT * 1.4));
    });
    const pool = newPool();
    const late: string[] = [];
    const greetings = ['a', 'b', 'c', 'd', 'e'].map(async (name, index) => {
      await delay(index * TIMEOUT);
      return said(
        await pool.call(sendHeartbeat, address, 'pooled', heartbeatFrom(name), (answer) =>
          late.push(said({ ok: true, answer })),
        ),
      );
    });
    expect(await Promise.all(greetings)).toEqual(Array.from({ length: 5 }, () => 'timeout'));
    await eventually({
      what: 'all late answers',
      deadlineMs: 5_000,
      read: () => late,
      until: ({ length }) => length === 5,
    });
    expect(late).toEqual(['to-a', 'to-b', 'to-c', 'to-d', 'to-e']);
    expect(streams).toHaveLength(1);
  });

  test('have each its own time, and a late answer is not taken for the next one', async () => {
    const { address } = await peer((stream) => {
      const answers: Told[] = [];
      stream.on('data', (asked: Asked) => {
        answers.push(answerTo(asked));
        // Both together when the first is too late and the second is not.
        if (answers.length === 2) setTimeout(() => answers.forEach((answer) => stream.write(answer)), TIMEOUT / 2);
      });
    });
    const pool = newPool();
    const first = greet(pool, address, 'a');
    await delay((TIMEOUT * 3) / 4);
    const second = greet(pool, address, 'b');
    expect([await first, await second]).toEqual(['timeout', 'to-b']);
  });

  test('go on while somebody else is looked for at the same address over a fresh connection', async () => {
    const { address } = await peer(answering);
    const pool = newPool();
    const contact = greet(pool, address, 'b');
    const reconnect = pool.call(sendHeartbeat, address, 'fresh', heartbeatFrom('c'));
    expect([await contact, said(await reconnect), await greet(pool, address, 'd')]).toEqual(['to-b', 'to-c', 'to-d']);
  });

  test('do not fail when the connection is changed while an elder peer takes its time to say that it knows no stream', async () => {
    const server = await peer((stream) => {
      stream.on('data', () =>
        setTimeout(() => stream.emit('error', { code: status.UNIMPLEMENTED, details: '' }), TIMEOUT / 2),
      );
    });
    const pool = newPool();
    const slow = greet(pool, server.address, 'a');
    expect(said(await pool.call(sendHeartbeat, server.address, 'fresh', heartbeatFrom('b')))).toBe('to-b');
    expect(await slow).toBe('to-a');
  });

  test('fail with the status that ends the stream', async () => {
    const { address } = await peer((stream) => {
      stream.on('data', () => stream.emit('error', { code: status.FAILED_PRECONDITION, details: 'another mesh' }));
    });
    expect(await greet(newPool(), address, 'a')).toBe('refused');
  });

  test('fail at once when the peer is gone, and find it when it is back', async () => {
    const { address, server } = await peer(answering);
    const pool = newPool();
    expect(await greet(pool, address, 'a')).toBe('to-a');
    server.forceShutdown();
    expect(await greet(pool, address, 'b')).toBe('unreachable');
    const node = localNode({ id: 'back', bind: address });
    onTestFinished(async () => node.stop());
    await node.start();
    expect(await greet(pool, address, 'c')).toBe('back');
  });

  test('go on over their connection while the peer looks in vain for others', async () => {
    let streams = 0;
    const { address, server } = await peer((stream) => {
      streams += 1;
      answering(stream);
    });
    server.addService({ Probe: probe }, { Probe: () => undefined });
    const pool = newPool();
    expect(await greet(pool, address, 'a')).toBe('to-a');
    const message = { source: nodeId('a'), mesh: 'default', target: nodeId('gone') };
    const asked = Array.from({ length: 5 }, async () => pool.call(probe, address, 'pooled', message));
    const outcomes = await Promise.all(asked);
    expect(outcomes.map((outcome) => !outcome.ok && outcome.reason)).toEqual(
      Array.from({ length: 5 }, () => 'timeout'),
    );
    expect(await greet(pool, address, 'b')).toBe('to-b');
    expect(streams).toBe(1);
  });

  test('get each its own answer, in whatever order they come', async () => {
    const { address } = await peer((stream) => {
      const answers: Told[] = [];
      stream.on('data', (asked: Asked) => {
        answers.unshift(answerTo(asked));
        if (answers.length === 4) for (const answer of answers) stream.write(answer);
      });
    });
    const pool = newPool();
    const names = ['a', 'b', 'c', 'd'];
    expect(await Promise.all(names.map(async (name) => greet(pool, address, name)))).toEqual(
      names.map((name) => `to-${name}`),
    );
  });

  test('are told of their own late answer, when others have been answered meanwhile', async () => {
    let answerFirst: (() => void) | undefined;
    const { address } = await peer((stream) => {
      stream.on('data', (asked: Asked) => {
        if (answerFirst === undefined) answerFirst = () => stream.write(answerTo(asked));
        else stream.write(answerTo(asked));
      });
    });
    const pool = newPool();
    const late: string[] = [];
    const greetTold = async (name: string): Promise<string> =>
      said(
        await pool.call(sendHeartbeat, address, 'pooled', heartbeatFrom(name), (answer) =>
          late.push(`${name}: ${said({ ok: true, answer })}`),
        ),
      );
    expect([await greetTold('a'), await greetTold('b'), await greetTold('c')]).toEqual(['timeout', 'to-b', 'to-c']);
    answerFirst?.();
    expect(await greetTold('d')).toBe('to-d');
    expect(late).toEqual(['a: to-a']);
  });

  test('are nothing to each other when one of them is never answered, however many follow', async () => {
    let streams = 0;
    const numbers: number[] = [];
    const { address } = await peer((stream) => {
      streams += 1;
      stream.on('data', (asked: Asked) => {
        numbers.push(asked.number);
        if (numbers.length > 1) stream.write(answerTo(asked));
      });
    });
    const pool = newPool();
    const lost = greet(pool, address, 'lost');
    const others = Array.from({ length: 300 }, (_, index) => `n${index}`);
    for (const name of others.slice(0, 150)) expect(await greet(pool, address, name)).toBe(`to-${name}`);
    expect(await lost).toBe('timeout');
    for (const name of others.slice(150)) expect(await greet(pool, address, name)).toBe(`to-${name}`);
    expect(streams).toBe(1);
    // Small, and that of the lost one is given to nobody else.
    expect([Math.max(...numbers), numbers.lastIndexOf(1)]).toEqual([127, 0]);
  });

  test('go on when answers come that nobody has asked for, or twice', async () => {
    let streams = 0;
    const { address } = await peer((stream) => {
      streams += 1;
      stream.on('data', ({ number, heartbeat }: Asked) => {
        const diff = { ...diffTo(heartbeat), source: nodeId('forged') };
        for (const wrong of [0, number + 1, 128, 2 ** 32 - 1]) stream.write({ number: wrong, diff });
        stream.write(answerTo({ number, heartbeat }));
        stream.write({ number, diff });
      });
    });
    const pool = newPool();
    for (let turn = 0; turn < 300; turn += 1) expect(await greet(pool, address, 'a')).toBe('to-a');
    expect(streams).toBe(1);
  });

  test('go over another stream when 127 are on their way, and each gets its own answer', async () => {
    const held: (() => void)[] = [];
    let streams = 0;
    const { address } = await peer((stream) => {
      streams += 1;
      stream.on('data', (asked: Asked) => {
        held.push(() => stream.write(answerTo(asked)));
        if (held.length === 128) for (const answer of held) answer();
      });
    });
    const pool = newPool({ timeout: millis(10_000) });
    const names = Array.from({ length: 128 }, (_, index) => `n${index}`);
    expect(await Promise.all(names.map(async (name) => greet(pool, address, name)))).toEqual(
      names.map((name) => `to-${name}`),
    );
    expect(streams).toBe(2);
  });
});

test('a stream on which 127 answers are owed takes no more, and ends when nobody waits for any', async () => {
  const streams: Stream[] = [];
  const { address } = await peer((stream) => {
    streams.push(stream);
    stream.on('data', () => undefined);
  });
  const told: string[] = [];
  const stream = new CallStream(rawClient(address), {
    closing: (code) => told.push(`closing: ${status[code]}`),
    over: () => told.push('over'),
  });
  const ask = async (): Promise<string> => {
    const reply = await stream.send({ step: 'diff', message: Buffer.alloc(0), timeout: 200, late: () => undefined });
    return reply.ok ? 'answered' : (status[reply.code] ?? 'unknown');
  };
  const asked = async (times: number): Promise<ReadonlySet<string>> =>
    new Set(await Promise.all(Array.from({ length: times }, ask)));
  expect(await asked(126)).toEqual(new Set(['DEADLINE_EXCEEDED']));
  expect([told, streams.filter(({ cancelled }) => cancelled)]).toEqual([[], []]);
  expect(await asked(1)).toEqual(new Set(['DEADLINE_EXCEEDED']));
  expect(told).toEqual(['closing: OK', 'over']);
  await eventually({
    what: 'the stream is given up',
    deadlineMs: 5_000,
    read: () => streams[0]?.cancelled,
    until: (cancelled) => cancelled === true,
  });
});

test('of 129 connections the one used longest ago is closed', async () => {
  const streams: Stream[] = [];
  const { server } = await peer((stream) => {
    streams.push(stream);
    answering(stream);
  });
  const port = (await listening(server, '0.0.0.0')).split(':').at(-1);
  const places = Array.from({ length: 129 }, (_, index) => `127.0.1.${index}:${port}`);
  const turns = [...places.slice(0, 2), ...places.slice(0, 1), ...places.slice(2)];
  const pool = newPool();
  for (const place of turns) expect(await greet(pool, place, 'a')).toBe('to-a');
  await eventually({
    what: 'a connection is closed',
    deadlineMs: 5_000,
    read: () => streams.map(({ cancelled }) => cancelled),
    until: (cancelled) => cancelled.includes(true),
  });
  expect(streams.flatMap(({ cancelled }, index) => (cancelled ? [index] : []))).toEqual([1]);
});

describe('both steps of a handshake', () => {
  const envelope = { source: nodeId('peer'), mesh: 'default', delta: [] };
  const answer = {
    heartbeat: sendHeartbeat.responseSerialize({ ...envelope, digest: new Map(), pushOnly: false }),
    diff: sendDiff.responseSerialize(envelope),
  };
  const answered = ({ number, step }: StepMessage): Buffer => encodeStep({ number, step, message: answer[step] });

  test('go over the same stream', async () => {
    const steps: Step[] = [];
    const { address, streams } = await rawPeer((asked) => {
      steps.push(asked.step);
      return answered(asked);
    });
    const pool = newPool();
    expect([await greet(pool, address, 'a'), await push(pool, address)]).toEqual(['peer', 'peer']);
    expect(await Promise.all([greet(pool, address, 'b'), push(pool, address)])).toEqual(['peer', 'peer']);
    expect([steps, streams()]).toEqual([['heartbeat', 'diff', 'heartbeat', 'diff'], 1]);
  });

  test('are answered on the same stream when the answer to one of them never comes', async () => {
    let asked = 0;
    const { address, streams } = await rawPeer((step) => {
      asked += 1;
      return asked === 1 ? undefined : answered(step);
    });
    const pool = newPool();
    expect([await greet(pool, address, 'a'), await push(pool, address)]).toEqual(['timeout', 'peer']);
    expect([await greet(pool, address, 'b'), await push(pool, address), streams()]).toEqual(['peer', 'peer', 1]);
  });

  test('fail alone when the answer is to the other one', async () => {
    const { address, streams } = await rawPeer(({ number }) =>
      encodeStep({ number, step: 'diff', message: answer.diff }),
    );
    const pool = newPool();
    expect(await Promise.all([push(pool, address), greet(pool, address, 'a'), push(pool, address)])).toEqual([
      'peer',
      'bad_answer',
      'peer',
    ]);
    expect(streams()).toBe(1);
  });

  test('fail alone when they are refused, with whatever code', async () => {
    const { address, streams } = await rawPeer((asked) => {
      const code = asked.number === 2 ? status.FAILED_PRECONDITION : 2 ** 32 - 1;
      const refusal = { number: asked.number, step: 'refused', code, detail: '' } as const;
      return asked.step === 'diff' ? encodeStepRefusal(refusal) : answered(asked);
    });
    const pool = newPool();
    const steps = [greet(pool, address, 'a'), push(pool, address), push(pool, address), greet(pool, address, 'b')];
    expect(await Promise.all(steps)).toEqual(['peer', 'refused', 'refused', 'peer']);
    expect(streams()).toBe(1);
  });

  test('keep their connection however many are refused', async () => {
    const { address, streams } = await rawPeer(({ number }) =>
      encodeStepRefusal({ number, step: 'refused', code: status.FAILED_PRECONDITION, detail: 'another mesh' }),
    );
    const pool = newPool();
    for (let turn = 0; turn < 5; turn += 1) expect(await push(pool, address)).toBe('refused');
    expect(streams()).toBe(1);
  });

  test('fail with their stream when nobody can tell which of them an answer is to', async () => {
    const { address, streams } = await rawPeer(({ step }) => (step === 'diff' ? Buffer.alloc(0) : undefined));
    const pool = newPool({ timeout: millis(10_000) });
    expect(await Promise.all([greet(pool, address, 'a'), push(pool, address)])).toEqual(['bad_answer', 'bad_answer']);
    expect([await push(pool, address), streams()]).toEqual(['bad_answer', 2]);
  });
});

/** All that a node answers to messages on one stream, up to its end. */
async function answersTo(
  address: string,
  messages: readonly Buffer[],
): Promise<readonly (StepMessage | StepRefusal)[]> {
  const stream = rawClient(address).makeBidiStreamRequest(STREAM_STEPS.path, asIs, asIs, new Metadata(), {});
  for (const message of messages) stream.write(message);
  stream.end();
  const answers: (StepMessage | StepRefusal)[] = [];
  for await (const bytes of stream) {
    const decoded = decodeStepResponse(bytes as Buffer);
    if (decoded.ok) answers.push(decoded.value);
  }
  return answers;
}

function rawClient(address: string): Client {
  const client = new Client(address, credentials.createInsecure());
  onTestFinished(() => client.close());
  return client;
}

async function started(id: string): Promise<{ address: string; stop: () => Promise<void> }> {
  const node = localNode({ id });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (!stopped) await node.stop();
    stopped = true;
  };
  onTestFinished(stop);
  await node.start();
  return { address: node.address, stop };
}

describe('a node', () => {
  test('answers a stream, and refuses on it what it would refuse in a call', async () => {
    const { address } = await started('n');
    const pool = newPool();
    expect(await greet(pool, address, 'a')).toBe('n');
    expect(said(await pool.call(sendHeartbeat, address, 'pooled', heartbeatFrom('a', 'elsewhere')))).toBe('refused');
    expect(await greet(pool, address, 'a')).toBe('n');
    expect(await push(pool, address)).toBe('n');
    expect(await push(pool, address, 'elsewhere')).toBe('refused');
    expect(await push(pool, address)).toBe('n');
  });

  test('answers each step by its number, whatever that is, and goes on after those that it refuses', async () => {
    const { address } = await started('n');
    const message = sendHeartbeat.requestSerialize(heartbeatFrom('a'));
    const foreign = sendHeartbeat.requestSerialize(heartbeatFrom('a', 'elsewhere'));
    const steps = [
      encodeStep({ number: 7, step: 'heartbeat', message }),
      encodeStep({ number: 7, step: 'heartbeat', message: foreign }),
      encodeStep({ number: 0, step: 'heartbeat', message }),
      Buffer.concat([Buffer.from([10, message.length]), message]),
      encodeStep({ number: 2 ** 32 - 1, step: 'diff', message: Buffer.from([0xff]) }),
      encodeStep({ number: 3, step: 'heartbeat', message }),
    ];
    const { FAILED_PRECONDITION, INVALID_ARGUMENT } = status;
    expect(
      (await answersTo(address, steps)).map((step) => [step.number, 'code' in step ? step.code : step.step]),
    ).toEqual([
      [7, 'heartbeat'],
      [7, FAILED_PRECONDITION],
      [0, 'heartbeat'],
      [0, 'heartbeat'],
      [2 ** 32 - 1, INVALID_ARGUMENT],
      [3, 'heartbeat'],
    ]);
  });

  test('lets nobody in before it can answer', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'muster-stream-'));
    onTestFinished(async () => rm(dataDir, { recursive: true }));
    const snapshot = join(dataDir, 'snapshot.json');
    execFileSync('mkfifo', [snapshot]);
    const place = new Server();
    const address = await listening(place);
    place.forceShutdown();
    const node = localNode({ id: 'n', bind: address, dataDir });
    onTestFinished(async () => node.stop());
    const started = node.start();
    const pool = newPool();
    expect(await greet(pool, address, 'a')).toBe('unreachable');
    await writeFile(snapshot, '');
    await started;
    expect([await greet(pool, address, 'b'), await push(pool, address)]).toEqual(['n', 'n']);
  });

  test('stops without waiting for streams on which nothing is asked', async () => {
    const { address, stop } = await started('n');
    expect(await greet(newPool(), address, 'a')).toBe('n');
    const begun = performance.now();
    await stop();
    // Calls that have begun are given half a second.
    expect(performance.now() - begun).toBeLessThan(450);
  });

  test('lives on when it fails at a message, and says so', async () => {
    const refused: unknown[] = [];
    const server = new GossipServer({
      traffic: { bytes: () => undefined, delta: () => undefined },
      reflection: false,
      input: () => {
        throw new Error('a mistake of ours');
      },
      refusedMessage: (reason, _remote, detail) => refused.push([reason, detail]),
      droppedRecords: () => undefined,
    });
    onTestFinished(async () => server.stop());
    const address = `127.0.0.1:${await server.listen({ host: '127.0.0.1', port: 0 })}`;
    expect(await greet(newPool(), address, 'a')).toBe('refused');
    expect(await greet(newPool({ streams: false }), address, 'a')).toBe('refused');
    expect(refused).toEqual(Array.from({ length: 2 }, () => ['handler_failed', 'Error: a mistake of ours']));
  });
});
