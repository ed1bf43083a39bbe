import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A stand-in for a long way to a place: it passes TCP connections on, every byte that much later in either direction. The kernel's own
 * means for that (netem) is not everywhere.
 */
export class Relay {
  /** Where it listens: `host:port`. */
  readonly address: string;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(address: string, server: Server, sockets: ReadonlySet<Socket>) {
    this.address = address;
    this.#server = server;
    this.#sockets = sockets;
  }

  /**
   * @param at an address of this process, without a port
   * @param to the place, reached from here without delay
   */
  static async listen(
    at: string,
    to: { readonly host: string; readonly port: number },
    delayMs: number,
  ): Promise<Relay> {
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect(to);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      }
      passOn(near, far, delayMs);
      passOn(far, near, delayMs);
    });
    server.listen({ host: at, port: 0 });
    await once(server, 'listening');
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the relay has no port');
    return new Relay(`${at}:${bound.port}`, server, sockets);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** What arrives later is passed on later, so timers of one length keep the order. An end or a reset takes as long as a byte. */
function passOn(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', (bytes) => setTimeout(() => to.write(bytes), delayMs));
  from.on('end', () => setTimeout(() => to.end(), delayMs));
  // It closes next; until then there is nothing to be done about it.
  from.on('error', () => undefined);
  from.on('close', () => setTimeout(() => to.destroy(), delayMs));
}
