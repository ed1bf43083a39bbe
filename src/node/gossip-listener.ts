import { createServer, type Server, type Socket } from 'node:net';
import type { HostPort } from '../config/address.ts';

/** A connection that breaks ends with its `close`; there is nothing to add. */
const ignore = (): void => undefined;

/** What every HTTP/2 client says first (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
/** How long a new connection may take to say it. */
const PREFACE_TIMEOUT_MS = 5_000;
/** Open connections at the most. A mesh of 10,000 reaches a node over a few dozen at a time. */
const MAX_CONNECTIONS = 2_048;

/** Why a connection was turned away before gRPC saw it. */
export type ConnectionRefusal = 'not_http2' | 'silent_connection' | 'too_many_connections';

export interface GossipListenerOptions {
  /** Takes a connection that has begun as HTTP/2. Nothing of what it said is lost. */
  readonly accept: (socket: Socket) => void;
  readonly refused: (reason: ConnectionRefusal, remote: string) => void;
}

/**
 * The listening socket of the gossip port. It looks at the first bytes of a connection and turns away what does not speak HTTP/2, so
 * that stray and hostile bytes are counted and cost no session.
 */
export class GossipListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #options: GossipListenerOptions;

  constructor(options: GossipListenerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#greet(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('drop', (data) => options.refused('too_many_connections', data?.remoteAddress ?? 'unknown'));
  }

  /**
   * Starts to listen.
   *
   * @returns the port, also where 0 asked for any
   * @throws {Error} as of `node:net` when the address is taken or is not of this host
   */
  async listen({ host, port }: HostPort): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  /** Takes no new connection. */
  stop(): void {
    this.#server.close();
  }

  /** Ends the connections that are still open. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #greet(socket: Socket): void {
    const remote = socket.remoteAddress ?? 'unknown';
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const silent = setTimeout(() => turnAway('silent_connection'), PREFACE_TIMEOUT_MS);
    const turnAway = (reason: ConnectionRefusal): void => {
      clearTimeout(silent);
      this.#options.refused(reason, remote);
      socket.destroy();
    };
    const look = (): void => {
      const head: unknown = socket.read(Math.min(PREFACE.length, Math.max(1, socket.readableLength)));
      if (!Buffer.isBuffer(head)) return;
      socket.unshift(head);
      if (!PREFACE.subarray(0, head.length).equals(head)) {
        turnAway('not_http2');
      } else if (head.length === PREFACE.length) {
        clearTimeout(silent);
        socket.off('readable', look);
        socket.off('error', ignore);
        this.#options.accept(socket);
      }
    };
    socket.on('error', ignore);
    socket.on('readable', look);
    socket.once('close', () => {
      clearTimeout(silent);
      this.#sockets.delete(socket);
    });
  }
}
