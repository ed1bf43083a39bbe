import { type Millis, millis, type Now, nodeId, unixMillis } from '../../src/base/brands.ts';
import { seededRandom } from '../../src/base/random.ts';
import { DEFAULT_GOSSIP_CONFIG, type GossipConfig } from '../../src/gossip/config.ts';
import { GossipCore } from '../../src/gossip/core.ts';
import { GossipServer } from '../../src/node/gossip-server.ts';
import type { MemberRecord } from '../../src/store/record.ts';
import { encodeMetadata } from '../../src/wire/metadata.ts';

/** A day after the members were born: nobody is ahead of the clock. */
const START = Date.UTC(2026, 10, 22);
const HOST = '127.0.0.1';
export const TRAFFIC = { bytes: () => undefined, delta: () => undefined };

/** The address that it tells of itself. */
export const ANSWERER = '192.0.2.1:7946';

/** The dead stay in the list, so that one may be known without being contacted. News is not pushed: it has to wait for a handshake. */
export const CONFIG: GossipConfig = {
  ...DEFAULT_GOSSIP_CONFIG,
  mesh: 'bench',
  deadRetention: millis(10 ** 12),
  eagerWindow: millis(10 ** 12),
};

/** The time of a bench, which nobody waits for. */
export function timeAt(elapsed: Millis): Now {
  return { wall: unixMillis(START + elapsed), monotonic: elapsed };
}

/** A core that is not started yet, and will look for its mesh at the answerer. */
export function newCore(id: string, address: string, now: Now): GossipCore {
  const metadata = encodeMetadata({ apiEndpoint: `https://api.${id}.example.com`, apiPort: 443, labels: {} });
  const identity = { id: nodeId(id), address, metadata };
  const bootstrap = [{ target: ANSWERER, origin: 'configured' }] as const;
  return new GossipCore({ config: CONFIG, identity, random: seededRandom(1), bootstrap, now });
}

/** Tells a core of records, as another node would. */
export function tell(core: GossipCore, records: readonly MemberRecord[], now: Now): void {
  const message = { source: nodeId('teller'), mesh: CONFIG.mesh, delta: records, digest: new Map(), pushOnly: true };
  core.handle({ kind: 'diffReceived', call: 0, message }, now);
}

/** A node that only answers: the production server around a core that is never woken. */
export class Answerer {
  readonly core: GossipCore;
  readonly #server: GossipServer;
  /** What time it is to the core. */
  now = timeAt(millis(0));
  /** Where it really is. */
  at = '';

  constructor(records: readonly MemberRecord[]) {
    this.core = newCore('answerer', ANSWERER, this.now);
    this.core.handle({ kind: 'start' }, this.now);
    tell(this.core, records, this.now);
    this.#server = new GossipServer({
      traffic: TRAFFIC,
      reflection: false,
      input: (input) => {
        for (const effect of this.core.handle(input, this.now)) {
          if (effect.kind === 'answerHeartbeat' || effect.kind === 'answerDiff' || effect.kind === 'refuse') {
            this.#server.answer(effect);
          }
        }
      },
      refusedMessage: (reason, _remote, detail) => {
        throw new Error(`refused: ${reason} ${detail}`);
      },
      droppedRecords: ([dropped]) => {
        throw new Error(`dropped: ${JSON.stringify(dropped)}`);
      },
    });
  }

  async listen(): Promise<this> {
    this.at = `${HOST}:${await this.#server.listen({ host: HOST, port: 0 })}`;
    return this;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}
