import { type Millis, millis, nodeId } from '../src/base/brands.ts';
import { MemberRecord } from '../src/store/record.ts';
import { encodeMetadata } from '../src/wire/metadata.ts';
import { Answerer, CONFIG, tell, timeAt } from './handshake/answerer.ts';
import { Asker, type RecordedCall } from './handshake/asker.ts';
import { byBytes, byLoader, byOwnCodec, emptyCall } from './handshake/replayed.ts';
import type { Bench } from './harness/bench.ts';
import { type Contestant, compare } from './harness/compare.ts';
import { cpuCost } from './harness/cpu-cost.ts';
import { members } from './harness/members.ts';

const SIZES = [10, 100, 1_000];
const EMPTY = 'an empty gRPC call';
const UNIT = 'CPU µs';
/** Later ones are no use: by then the asker doubts those whom it can not reach. */
const CYCLES_TO_SYNC = 6;
const ASKER = nodeId('asker');

/**
 * Handshakes over production's gRPC on loopback, one at a time: the CPU time of both ends. In sync, that is the same heartbeat again
 * and again to a real core, without what the asker does about it; one change, that is all that an asker with new labels does until it
 * has told them; all new, that is a whole join.
 */
export const handshake: Bench = async ({ runs }) => {
  const empty = await emptyCall();
  const stops: (() => unknown)[] = [() => empty.stop()];
  const contestants: Contestant[] = [
    { what: EMPTY, unit: UNIT, measure: async () => cpuCost(async () => empty.run()) },
  ];
  try {
    for (const size of SIZES) contestants.push(...(await ofSize(size, stops)));
    return await compare(contestants, runs);
  } finally {
    for (const stop of stops) await stop();
  }
};

async function ofSize(size: number, stops: (() => unknown)[]): Promise<Contestant[]> {
  // Those whom the asker is not to contact have left, which both believe at once; they are told of as the living are.
  const inSync = new Pair(await new Answerer(members(size - 2).flatMap(livedAndLeft)).listen());
  tell(inSync.asker.core, members(size - 2).flatMap(livedAndLeft), timeAt(millis(0)));
  await inSync.start();
  const again = await inSync.heartbeatInSync();
  const changing = new Pair(await new Answerer(members(size - 2).flatMap(livedAndLeft)).listen());
  tell(changing.asker.core, members(size - 2).flatMap(livedAndLeft), timeAt(millis(0)));
  await changing.start();
  await changing.heartbeatInSync();
  const newcomers = new Pair(await new Answerer(members(size - 1)).listen());
  const calls: RecordedCall[] = [];
  newcomers.asker.record = calls;
  await newcomers.start();
  if (calls.length === 0) throw new Error('the newcomer asked nobody');
  const [loader, own, bytes] = await Promise.all([byLoader(calls), byOwnCodec(calls), byBytes(calls)]);
  stops.push(
    async () => inSync.stop(),
    async () => changing.stop(),
    async () => newcomers.stop(),
    () => loader.stop(),
    () => own.stop(),
    () => bytes.stop(),
  );
  const byObjects = `all new, ${size}, proto-loader's messages only`;
  return [
    contestant(`in sync, ${size}`, EMPTY, async () => inSync.asker.call(again)),
    contestant(`one change, ${size}`, EMPTY, async () => changing.change()),
    contestant(`all new, ${size}`, byObjects, async () => newcomers.startAnew()),
    contestant(`all new, ${size}, messages only`, byObjects, async () => own.run()),
    contestant(`all new, ${size}, bytes only`, byObjects, async () => bytes.run()),
    contestant(byObjects, EMPTY, async () => loader.run()),
  ];
}

function contestant(what: string, against: string, work: () => Promise<unknown>): Contestant {
  return { what, unit: UNIT, against, measure: async () => cpuCost(work) };
}

/** An answerer, and an asker that comes to it. */
class Pair {
  readonly answerer: Answerer;
  asker: Asker;
  readonly #pool = Asker.pool();
  #elapsed: Millis = millis(0);
  #changes = 0;

  constructor(answerer: Answerer) {
    this.answerer = answerer;
    this.asker = this.#newAsker();
  }

  /** The asker comes up and asks the answerer, as its only bootstrap node. */
  async start(): Promise<void> {
    await this.asker.take({ kind: 'start' }, this.#later(1));
  }

  /** The same node without memory, as after a restart. */
  async startAnew(): Promise<void> {
    this.#later(1_000);
    this.asker = this.#newAsker();
    await this.start();
  }

  /** The asker changes its labels, and tells the answerer in its next cycle. */
  async change(): Promise<void> {
    this.#changes += 1;
    const labels = { build: String(this.#changes) };
    const metadata = encodeMetadata({ apiEndpoint: 'https://api.asker.example.com', apiPort: 443, labels });
    await this.asker.take({ kind: 'metadataChanged', metadata }, this.#later(1));
    const until = this.#elapsed + 3 * CONFIG.gossipInterval;
    while (this.answerer.core.record(ASKER)?.version !== this.asker.core.ownVersion) {
      if (this.#elapsed > until) throw new Error('the answerer was not told');
      await this.#wake();
    }
  }

  /** One cycle, with all that it has planned. */
  async cycle(): Promise<void> {
    const end = this.#elapsed + CONFIG.gossipInterval;
    while (this.asker.core.nextWakeAt <= end) await this.#wake();
    this.#later(end - this.#elapsed);
  }

  /** The smallest heartbeat of a cycle that is a heartbeat and nothing else: the two have come to hold the same, and know it. */
  async heartbeatInSync(): Promise<RecordedCall> {
    let smallest: RecordedCall | undefined;
    for (let cycle = 0; cycle < CYCLES_TO_SYNC; cycle += 1) {
      const calls: RecordedCall[] = [];
      this.asker.record = calls;
      await this.cycle();
      const [only, another] = calls;
      if (only?.method !== 'SendHeartbeat' || another !== undefined) continue;
      if (smallest === undefined || only.request.length < smallest.request.length) smallest = only;
    }
    if (smallest === undefined) throw new Error(`the two are not in sync after ${CYCLES_TO_SYNC} cycles`);
    return smallest;
  }

  async stop(): Promise<void> {
    this.#pool.close();
    await this.answerer.stop();
  }

  /** Time goes on to when the asker has something to do. */
  async #wake(): Promise<void> {
    await this.asker.take({ kind: 'wake' }, this.#later(Math.max(0, this.asker.core.nextWakeAt - this.#elapsed)));
  }

  #newAsker(): Asker {
    return new Asker(this.answerer.at, this.#pool, timeAt(this.#elapsed));
  }

  #later(by: number) {
    this.#elapsed = millis(this.#elapsed + by);
    this.answerer.now = timeAt(this.#elapsed);
    return this.answerer.now;
  }
}

function livedAndLeft(record: MemberRecord): MemberRecord[] {
  const { id, version, address, metadata } = record;
  return [record, new MemberRecord(id, { version, state: 'DEAD', left: true, address }, metadata)];
}
