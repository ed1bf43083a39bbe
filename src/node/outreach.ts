import { setTimeout as delayed } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import type { Connection, Effect } from '../gossip/effect.ts';
import type { Input } from '../gossip/input.ts';
import type { ClientPool } from './client-pool.ts';
import type { HandshakeTracing } from './handshake-tracing.ts';
import type { RefusalReport } from './refusal-report.ts';
import { type Dns, resolveTarget } from './resolver.ts';
import type { GossipMethod, gossipService, Incoming } from './service.ts';

/** Calls in flight at the most. A cycle begins a handful; joining through a long list may want more, and waits. */
const MAX_CALLS = 32;
/** How long DNS may take for one target. */
const RESOLVE_TIMEOUT_MS = 5_000;

/** What a core wants of others. */
export type Request = Extract<Effect, { kind: 'sendHeartbeat' | 'sendDiff' | 'sendProbe' | 'resolve' }>;

export interface OutreachOptions {
  readonly clients: ClientPool;
  readonly service: ReturnType<typeof gossipService>;
  readonly dns: Dns;
  readonly logger: Logger;
  readonly report: RefusalReport;
  /** Makes spans of the handshakes. */
  readonly tracing?: HandshakeTracing | undefined;
  /** Is fed what came of each request. */
  readonly input: (input: Input) => void;
}

/** Asks others what the core wants of them: peers by calls, and name servers for the addresses of peers. */
export class Outreach {
  readonly #options: OutreachOptions;
  readonly #limit = pLimit(MAX_CALLS);

  constructor(options: OutreachOptions) {
    this.#options = options;
  }

  /** Begins a request. What comes of it is an input, whatever that is. */
  begin(request: Request): void {
    const { service } = this.#options;
    switch (request.kind) {
      case 'sendHeartbeat':
        void this.#call(service.sendHeartbeat, request, request.connection, (message) => ({
          kind: 'heartbeatAnswered',
          exchange: request.exchange,
          message,
        }));
        break;
      case 'sendDiff':
        void this.#call(service.sendDiff, request, 'pooled', (message) => ({
          kind: 'diffAnswered',
          exchange: request.exchange,
          message,
        }));
        break;
      case 'sendProbe':
        void this.#call(service.probe, request, 'pooled', (message) => ({
          kind: 'probeAnswered',
          exchange: request.exchange,
          message,
        }));
        break;
      case 'resolve':
        void this.#resolve(request.target);
        break;
    }
  }

  async #call<Sent, Answered>(
    method: GossipMethod<Sent, Answered>,
    {
      exchange,
      address,
      message,
    }: Pick<Exclude<Request, { kind: 'resolve' }>, 'exchange' | 'address'> & { readonly message: Sent },
    connection: Connection,
    toInput: (message: Answered) => Input,
  ): Promise<void> {
    const { clients, input, report, tracing } = this.#options;
    tracing?.begin(exchange, address);
    const take = (answer: Incoming<Answered>): boolean => {
      if (answer.ok) {
        report.records(answer.value.refusals, address);
        input(toInput(answer.value.message));
      } else {
        report.message(answer.error.code, address, answer.error.detail);
      }
      return answer.ok;
    };
    const make = async () => clients.call(method, address, connection, message, take);
    const outcome = await this.#limit(async () => tracing?.call(exchange, make) ?? make());
    if (!outcome.ok) input({ kind: 'exchangeFailed', exchange, reason: outcome.reason });
    else if (!take(outcome.answer)) input({ kind: 'exchangeFailed', exchange, reason: 'bad_answer' });
    tracing?.ended(exchange, outcome.ok ? undefined : outcome.reason);
  }

  async #resolve(target: string): Promise<void> {
    const { dns, input, logger } = this.#options;
    const addresses = await Promise.race([
      resolveTarget(target, dns).catch((error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        logger.debug({ code: 'RESOLVE_FAILED', target, problem }, 'a bootstrap target has no address');
        return [];
      }),
      delayed(RESOLVE_TIMEOUT_MS, [], { ref: false }),
    ]);
    input({ kind: 'resolved', target, addresses });
  }
}
