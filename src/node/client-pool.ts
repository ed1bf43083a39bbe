import { Client, type ClientUnaryCall, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Millis } from '../base/brands.ts';
import { formatHostPort, type HostPort } from '../config/address.ts';
import type { Connection } from '../gossip/effect.ts';
import type { ExchangeFailure } from '../gossip/input.ts';
import { CLIENT_OPTIONS } from './grpc-options.ts';
import type { GossipMethod, Incoming } from './service.ts';

/** Open connections kept at the most; the one used longest ago goes first. A cycle uses a handful, so most calls find theirs. */
const MAX_CLIENTS = 64;
/** Deadlines missed in a row after which a connection counts as broken and the next call makes a new one. */
const MISSED_DEADLINES = 2;

/** How a call ended: with the peer's checked answer, or not. */
export type CallOutcome<Message> =
  | { readonly ok: true; readonly answer: Incoming<Message> }
  | { readonly ok: false; readonly reason: ExchangeFailure; readonly detail: string };

class PooledClient {
  readonly client: Client;
  missed = 0;

  constructor(address: string, proxy: string | undefined) {
    this.client = new Client(proxy ?? address, credentials.createInsecure(), {
      ...CLIENT_OPTIONS,
      ...(proxy === undefined
        ? {}
        : { 'grpc.http_connect_target': `dns:${address}`, 'grpc.default_authority': address }),
    });
  }
}

/**
 * Connections to peers. A connection that failed is closed at once and made anew at the next call, so no backoff of the transport
 * stands between a peer that returns and the news of it. One missed deadline keeps the connection: on a link that loses packets an old
 * connection recovers sooner than a new one is set up.
 */
export class ClientPool {
  /** By address, the one used longest ago first. */
  readonly #clients = new Map<string, PooledClient>();
  readonly #calls = new Set<ClientUnaryCall>();
  #closed = false;
  readonly #timeout: Millis;
  readonly #proxy: string | undefined;

  /**
   * @param timeout the deadline of every call
   * @param proxy the HTTP proxy that all connections go through; absent: they go to the peers themselves
   */
  constructor(timeout: Millis, proxy?: HostPort) {
    this.#timeout = timeout;
    this.#proxy = proxy === undefined ? undefined : formatHostPort(proxy);
  }

  /** Calls a peer. It never rejects: every way to fail is an outcome. */
  async call<Request, Response>(
    method: GossipMethod<Request, Response>,
    address: string,
    connection: Connection,
    request: Request,
  ): Promise<CallOutcome<Response>> {
    if (this.#closed) return { ok: false, reason: 'unreachable', detail: 'this node has stopped' };
    if (connection === 'fresh') this.#drop(address);
    const pooled = this.#take(address);
    return new Promise((resolve) => {
      const running = pooled.client.makeUnaryRequest<Request, Incoming<Response>>(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        new Metadata(),
        { deadline: Date.now() + this.#timeout },
        (error: ServiceError | null, answer?: Incoming<Response>) => {
          this.#calls.delete(running);
          if (error === null && answer !== undefined) {
            pooled.missed = 0;
            resolve({ ok: true, answer });
            return;
          }
          this.#noteFailure(address, pooled, error?.code);
          resolve({ ok: false, reason: reasonOf(error?.code), detail: error?.details ?? 'no answer' });
        },
      );
      this.#calls.add(running);
    });
  }

  /** Gives up the calls that still run and closes all connections. A call made after this fails at once. */
  close(): void {
    this.#closed = true;
    for (const call of this.#calls) call.cancel();
    for (const address of this.#clients.keys()) this.#drop(address);
  }

  #take(address: string): PooledClient {
    const pooled = this.#clients.get(address) ?? new PooledClient(address, this.#proxy);
    this.#clients.delete(address);
    this.#clients.set(address, pooled);
    if (this.#clients.size > MAX_CLIENTS) {
      const oldest = this.#clients.keys().next();
      if (oldest.done !== true) this.#drop(oldest.value);
    }
    return pooled;
  }

  #noteFailure(address: string, pooled: PooledClient, code: status | undefined): void {
    pooled.missed += 1;
    const broken = code === status.UNAVAILABLE || pooled.missed >= MISSED_DEADLINES;
    if (broken && this.#clients.get(address) === pooled) this.#drop(address);
  }

  /** Closing a client lets the calls on it finish. */
  #drop(address: string): void {
    this.#clients.get(address)?.client.close();
    this.#clients.delete(address);
  }
}

function reasonOf(code: status | undefined): ExchangeFailure {
  if (code === status.UNAVAILABLE) return 'unreachable';
  if (code === status.DEADLINE_EXCEEDED) return 'timeout';
  if (code === undefined || code === status.INTERNAL) return 'bad_answer';
  return 'refused';
}
