import { formatHostPort, type HostPort, isUnspecified, parseHostPort } from './address.ts';

/** The address that a node tells its peers. The port is `bound` until the node has bound the free port it asked for. */
export interface Advertised {
  readonly host: string;
  /** 1 to 65535, or `bound`: the port that the gossip server got. */
  readonly port: number | 'bound';
}

/** The address as peers are told it, once the port that the gossip server got is known. */
export function advertisedAddress({ host, port }: Advertised, boundPort: number): string {
  return formatHostPort({ host, port: port === 'bound' ? boundPort : port });
}

/** The addresses of the host by network interface, as `os.networkInterfaces()` gives them. */
export type HostInterfaces = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

interface InterfaceAddress {
  readonly address: string;
  readonly family: string;
  readonly internal: boolean;
}

/**
 * The address to advertise when none was given: the bind address itself, or, when that means every address, the first one of
 * the host that others can reach. `0.0.0.0` looks for IPv4 only; `[::]` takes IPv6 when there is one and IPv4 when there is not,
 * because a socket bound to `[::]` serves both.
 *
 * @returns undefined when the host has no such address
 */
export function defaultAdvertised(bind: HostPort, interfaces: HostInterfaces): Advertised | undefined {
  const port = bind.port === 0 ? 'bound' : bind.port;
  if (!isUnspecified(bind.host)) return { host: bind.host, port };
  const routable = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(isRoutable);
  const ofFamily = (family: string) => routable.find((candidate) => candidate.family === family);
  const found = bind.host === '::' ? (ofFamily('IPv6') ?? ofFamily('IPv4')) : ofFamily('IPv4');
  // Read back, so that it is written as a given one would be.
  const place = found === undefined ? undefined : parseHostPort(formatHostPort({ host: found.address, port: 0 }));
  return place === undefined ? undefined : { host: place.host, port };
}

/** Neither loopback nor link-local: 169.254.0.0/16 and fe80::/10 mean nothing outside their own link. */
function isRoutable({ address, internal }: InterfaceAddress): boolean {
  return !internal && !/^169\.254\.|^fe[89ab][0-9a-f]:/i.test(address);
}
