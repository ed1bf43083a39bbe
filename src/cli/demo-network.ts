import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { formatHostPort, type HostPort, isLoopback, parseHostPort } from '../config/address.ts';
import { Link } from './demo-link.ts';

const LOOPBACK = '127.0.0.1';

interface Way {
  readonly link: Link;
  readonly from: string;
  /** The gossip address that is called. */
  readonly to: string;
}

/**
 * The network between the agents of a demo. Loopback has no cable to pull, so every agent calls its peers through a proxy of its own
 * (`--gossip-proxy`): that tells who calls whom, and one cluster can be cut off from all others in both directions.
 */
export class DemoNetwork {
  readonly #proxies: Server[] = [];
  readonly #ways = new Set<Way>();
  readonly #cut = new Set<string>();
  /** Who listens at a gossip address. */
  readonly #owners = new Map<string, string>();

  /**
   * Opens the way out for a cluster.
   *
   * @returns the proxy for its agent, `host:port`
   */
  async attach(cluster: string): Promise<string> {
    const proxy = createServer((_request, response) => response.writeHead(405).end());
    proxy.on('connect', ({ url = '' }, socket: Socket, head: Buffer) => {
      socket.unshift(head);
      const to = parseHostPort(url);
      if (to === undefined || !isLoopback(to.host)) socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      else this.#open(cluster, to, socket);
    });
    proxy.listen({ host: LOOPBACK, port: 0 });
    this.#proxies.push(proxy);
    await once(proxy, 'listening');
    const bound = proxy.address();
    if (bound === null || typeof bound === 'string') throw new Error('the proxy has no port');
    return formatHostPort({ host: LOOPBACK, port: bound.port });
  }

  /** Notes where a cluster's agent listens: before that nobody can be kept from calling it. */
  place(cluster: string, gossip: string): void {
    this.#owners.set(gossip, cluster);
  }

  isCut(cluster: string): boolean {
    return this.#cut.has(cluster);
  }

  /** From now on nothing passes between this cluster and any other. */
  cut(cluster: string): void {
    this.#cut.add(cluster);
    for (const way of this.#ways) if (this.#isBroken(way)) way.link.cut();
  }

  mend(cluster: string): void {
    this.#cut.delete(cluster);
    for (const way of this.#ways) {
      if (this.#isBroken(way)) continue;
      way.link.mend();
      if (way.link.over) this.#ways.delete(way);
    }
  }

  close(): void {
    for (const proxy of this.#proxies) proxy.close();
    for (const { link } of this.#ways) link.destroy();
  }

  #open(from: string, place: HostPort, socket: Socket): void {
    const to = formatHostPort(place);
    const isCut = this.#isBroken({ from, to });
    const way = { from, to, link: new Link(socket, () => connect({ ...place, noDelay: true }), isCut) };
    this.#ways.add(way);
    socket.once('close', () => {
      // While it is cut, the other end has not heard of the close yet.
      if (!this.#isBroken(way)) this.#ways.delete(way);
    });
  }

  #isBroken({ from, to }: Pick<Way, 'from' | 'to'>): boolean {
    const owner = this.#owners.get(to);
    return this.#cut.has(from) || (owner !== undefined && this.#cut.has(owner));
  }
}
