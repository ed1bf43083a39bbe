import { isIPv4, isIPv6 } from 'node:net';
import { Client, type ClientUnaryCall, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Millis } from '../base/brands.ts';
import { formatHostPort, type HostPort, parseHostPort } from '../config/address.ts';
import type { Connection } from '../gossip/effect.ts';
import type { ExchangeFailure } from '../gossip/input.ts';
import { CallStream, type Reply } from './call-stream.ts';
import { CLIENT_OPTIONS } from './grpc-options.ts';
import { asIs, type GossipMethod, type Incoming } from './service.ts';

/**
 * Open connections kept at the most; the one used longest ago goes first. All peers are contacted in the course of time, so in a mesh of more
 * than this some contacts find none, and to make one costs more than to keep it.
 */
const MAX_CLIENTS = 128;
/** Deadlines missed in a row, and not even a late answer, after which a connection counts as broken and the next call makes a new one. */
const MISSED_DEADLINES = 3;

/** How a call ended: with the peer's checked answer, or not. */
export type CallOutcome<Message> =
  | { readonly ok: true; readonly answer: Incoming<Message> }
  | { readonly ok: false; readonly reason: ExchangeFailure; readonly detail: string };

export interface ClientPoolOptions {
  /** The HTTP proxy that all connections go through; absent: they go to the peers themselves. */
  readonly proxy?: HostPort | undefined;
  /** Whether the steps of handshakes go over one open stream. Default: yes. */
  readonly streams?: boolean;
}

class PooledClient {
  readonly client: Client;
  missed = 0;
  /** The open stream for the steps of handshakes. */
  stream: CallStream | undefined;
  /** The peer does not know the stream. */
  knowsNoStream = false;

  constructor(address: string, proxy: string | undefined) {
    this.client = new Client(targetOf(proxy ?? address), credentials.createInsecure(), {
      ...CLIENT_OPTIONS,
      ...(proxy === undefined
        ? {}
        : { 'grpc.http_connect_target': `dns:${address}`, 'grpc.default_authority': address }),
    });
  }

  /** Lets the calls that run finish, and closes the connection. */
  close(): void {
    this.stream?.close();
    this.client.close();
  }
}

/**
 * Connections to peers. A connection that failed is closed at once and made anew at the next call, so no backoff of the transport
 * stands between a peer that returns and the news of it. A missed deadline or two keep the connection: on a link that loses packets an old
 * connection recovers sooner than a new one is set up, and a machine that can not keep up has to answer what it was asked before anyway.
 */
export class ClientPool {
  /** By address, the one used longest ago first. */
  readonly #clients = new Map<string, PooledClient>();
  readonly #calls = new Set<ClientUnaryCall>();
  readonly #streams = new Set<CallStream>();
  #closed = false;
  readonly #timeout: Millis;
  readonly #proxy: string | undefined;
  readonly #mayStream: boolean;

  /** @param timeout the deadline of every call */
  constructor(timeout: Millis, { proxy, streams = true }: ClientPoolOptions = {}) {
    this.#timeout = timeout;
    this.#proxy = proxy === undefined ? undefined : formatHostPort(proxy);
    this.#mayStream = streams;
  }

  /**
   * Calls a peer. It never rejects: every way to fail is an outcome.
   *
   * @param late takes the answer that comes after the call has failed for want of it; only calls over a stream have one
   */
  async call<Request, Response>(
    method: GossipMethod<Request, Response>,
    address: string,
    connection: Connection,
    request: Request,
    late?: (answer: Incoming<Response>) => void,
  ): Promise<CallOutcome<Response>> {
    if (this.#closed) return { ok: false, reason: 'unreachable', detail: 'this node has stopped' };
    const bytes = method.requestSerialize(request);
    const reply =
      connection === 'fresh'
        ? await this.#callFresh(method.path, address, bytes)
        : await this.#callPooled(method, address, bytes, (answer) => late?.(method.responseDeserialize(answer)));
    return reply.ok
      ? { ok: true, answer: method.responseDeserialize(reply.bytes) }
      : { ok: false, reason: reasonOf(reply.code), detail: reply.detail };
  }

  /** Gives up the calls that still run and closes all connections. A call made after this fails at once. */
  close(): void {
    this.#closed = true;
    for (const call of this.#calls) call.cancel();
    for (const stream of this.#streams) stream.cancel();
    for (const address of this.#clients.keys()) this.#drop(address);
  }

  /** Over a new connection, which takes the place of the old one if somebody answers: until then others may be using that. */
  async #callFresh(path: string, address: string, request: Buffer): Promise<Reply> {
    const fresh = new PooledClient(address, this.#proxy);
    const reply = await this.#callOnce(path, fresh, request);
    if (reply.ok && !this.#closed) {
      this.#drop(address);
      this.#keep(address, fresh);
    } else {
      fresh.close();
    }
    return reply;
  }

  async #callPooled(
    { path, step, waits }: Pick<GossipMethod<never, never>, 'path' | 'step' | 'waits'>,
    address: string,
    bytes: Buffer,
    late: (answer: Buffer) => void,
  ): Promise<Reply> {
    const pooled = this.#take(address);
    if (step === undefined || !this.#mayStream || pooled.knowsNoStream) {
      const reply = await this.#callOnce(path, pooled, bytes);
      const saysNothing = waits === true && !reply.ok && reply.code === status.DEADLINE_EXCEEDED;
      return saysNothing ? reply : this.#note(address, pooled, reply);
    }
    pooled.stream ??= this.#open(address, pooled);
    const hearLate = (answer: Buffer): void => {
      pooled.missed = 0;
      late(answer);
    };
    const reply = await pooled.stream.send({ step, message: bytes, timeout: this.#timeout, late: hearLate });
    if (reply.ok || reply.code !== status.UNIMPLEMENTED || this.#closed) return this.#note(address, pooled, reply);
    // Meanwhile another may have taken the place of that connection.
    const current = this.#take(address);
    current.knowsNoStream = true;
    return this.#note(address, current, await this.#callOnce(path, current, bytes));
  }

  async #callOnce(path: string, { client }: PooledClient, request: Buffer): Promise<Reply> {
    return new Promise((resolve) => {
      const running = client.makeUnaryRequest<Buffer, Buffer>(
        path,
        asIs,
        asIs,
        request,
        new Metadata(),
        { deadline: Date.now() + this.#timeout },
        (error: ServiceError | null, bytes?: Buffer) => {
          this.#calls.delete(running);
          if (error === null && bytes !== undefined) resolve({ ok: true, bytes });
          else resolve({ ok: false, code: error?.code ?? status.INTERNAL, detail: error?.details ?? 'no answer' });
        },
      );
      this.#calls.add(running);
    });
  }

  #open(address: string, pooled: PooledClient): CallStream {
    const stream = new CallStream(pooled.client, {
      closing: (code) => {
        pooled.stream = undefined;
        // A connection that breaks while nothing is asked is made anew at the next call.
        if (code === status.UNAVAILABLE && this.#clients.get(address) === pooled) this.#drop(address);
      },
      over: () => this.#streams.delete(stream),
    });
    this.#streams.add(stream);
    return stream;
  }

  #take(address: string): PooledClient {
    const pooled = this.#clients.get(address) ?? new PooledClient(address, this.#proxy);
    this.#clients.delete(address);
    this.#keep(address, pooled);
    return pooled;
  }

  /** As the one used last. */
  #keep(address: string, pooled: PooledClient): void {
    this.#clients.set(address, pooled);
    if (this.#clients.size <= MAX_CLIENTS) return;
    const oldest = this.#clients.keys().next();
    if (oldest.done !== true) this.#drop(oldest.value);
  }

  /** Closes a connection that is broken. One over which a peer refuses is not. */
  #note(address: string, pooled: PooledClient, reply: Reply): Reply {
    const code = reply.ok ? status.OK : reply.code;
    pooled.missed = code === status.DEADLINE_EXCEEDED ? pooled.missed + 1 : 0;
    const broken = code === status.UNAVAILABLE || pooled.missed >= MISSED_DEADLINES;
    if (broken && this.#clients.get(address) === pooled) this.#drop(address);
    return reply;
  }

  #drop(address: string): void {
    this.#clients.get(address)?.close();
    this.#clients.delete(address);
  }
}

/** An address as grpc-js takes it. Left to itself it opens a channel of the DNS library for every connection, to a number too. */
function targetOf(address: string): string {
  const host = parseHostPort(address)?.host ?? '';
  if (isIPv4(host)) return `ipv4:${address}`;
  return isIPv6(host) ? `ipv6:${address}` : address;
}

function reasonOf(code: status): ExchangeFailure {
  if (code === status.UNAVAILABLE) return 'unreachable';
  if (code === status.DEADLINE_EXCEEDED) return 'timeout';
  if (code === status.INTERNAL) return 'bad_answer';
  return 'refused';
}
