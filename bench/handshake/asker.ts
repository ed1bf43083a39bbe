import { millis, type Now } from '../../src/base/brands.ts';
import type { GossipCore } from '../../src/gossip/core.ts';
import type { Effect } from '../../src/gossip/effect.ts';
import type { ExchangeId, Input } from '../../src/gossip/input.ts';
import { ClientPool } from '../../src/node/client-pool.ts';
import { type GossipMethod, gossipService } from '../../src/node/service.ts';
import { ANSWERER, newCore, TRAFFIC } from './answerer.ts';

type Call = Extract<Effect, { kind: 'sendHeartbeat' | 'sendDiff' }>;

/** One call as it went over the wire. */
export interface RecordedCall {
  readonly method: 'SendHeartbeat' | 'SendDiff';
  readonly request: Buffer;
  readonly response: Buffer;
}

/** A node that begins handshakes: a core whose calls to the answerer are made, and whose other calls all fail. */
export class Asker {
  readonly core: GossipCore;
  /** Every call to the answerer, while it is set. */
  record: RecordedCall[] | undefined;
  readonly #pool: ClientPool;
  readonly #target: string;
  readonly #service = gossipService(TRAFFIC);

  /** @param target where the answerer really is */
  constructor(target: string, pool: ClientPool, now: Now) {
    this.#target = target;
    this.#pool = pool;
    this.core = newCore('asker', '192.0.2.2:7946', now);
  }

  static pool(): ClientPool {
    return new ClientPool(millis(10_000));
  }

  /** Takes in an input and does all that follows of it. */
  async take(input: Input, now: Now): Promise<void> {
    const effects = this.core.handle(input, now);
    for (const effect of effects) {
      const next = await this.#carryOut(effect);
      if (next !== undefined) await this.take(next, now);
    }
  }

  /** Makes a recorded heartbeat again, and drops the answer. */
  async call({ request }: RecordedCall): Promise<void> {
    const heartbeat = this.#service.sendHeartbeat.requestDeserialize(request);
    if (!heartbeat.ok) throw new Error(`the heartbeat can not be read: ${heartbeat.error.detail}`);
    const outcome = await this.#pool.call(this.#service.sendHeartbeat, this.#target, 'pooled', heartbeat.value.message);
    if (!outcome.ok || !outcome.answer.ok) throw new Error('the heartbeat was not answered');
  }

  async #carryOut(effect: Effect): Promise<Input | undefined> {
    switch (effect.kind) {
      case 'resolve':
        return { kind: 'resolved', target: effect.target, addresses: [effect.target] };
      case 'sendHeartbeat':
        return this.#call(this.#service.sendHeartbeat, 'SendHeartbeat', effect, effect.message, (message) => ({
          kind: 'heartbeatAnswered',
          exchange: effect.exchange,
          message,
        }));
      case 'sendDiff':
        return this.#call(this.#service.sendDiff, 'SendDiff', effect, effect.message, (message) => ({
          kind: 'diffAnswered',
          exchange: effect.exchange,
          message,
        }));
      default: {
        // Nobody else is there to be asked for anything.
        const { exchange } = effect as { readonly exchange?: ExchangeId };
        return exchange === undefined ? undefined : { kind: 'exchangeFailed', exchange, reason: 'unreachable' };
      }
    }
  }

  async #call<Request, Response>(
    method: GossipMethod<Request, Response>,
    name: RecordedCall['method'],
    { address, exchange }: Call,
    request: Request,
    toInput: (message: Response) => Input,
  ): Promise<Input> {
    if (address !== ANSWERER) return { kind: 'exchangeFailed', exchange, reason: 'unreachable' };
    const outcome = await this.#pool.call(method, this.#target, 'pooled', request);
    if (!outcome.ok) throw new Error(`${name}: ${outcome.detail}`);
    if (!outcome.answer.ok) throw new Error(`${name}: ${outcome.answer.error.detail}`);
    const { message } = outcome.answer.value;
    this.record?.push({
      method: name,
      request: method.requestSerialize(request),
      response: method.responseSerialize(message),
    });
    return toInput(message);
  }
}
