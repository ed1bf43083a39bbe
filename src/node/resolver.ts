import { lookup, resolveSrv } from 'node:dns/promises';
import { isIP } from 'node:net';
import { formatHostPort, parseHostPort } from '../config/address.ts';

/** Addresses taken from one name at the most. */
const MAX_ADDRESSES = 256;

/** The two questions that are asked of DNS. */
export interface Dns {
  /** All A and AAAA records of a name, with what the host's own files say. */
  lookup(name: string): Promise<readonly string[]>;
  /** The SRV records of a service. */
  srv(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>;
}

/** The resolver of this host. */
export const systemDns: Dns = {
  lookup: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  srv: resolveSrv,
};

/**
 * Finds the addresses behind a bootstrap target: `host:port`, `dns://name:port` or `dns+srv://_service._proto.name`. Nothing is
 * remembered, so a name that moves is followed.
 *
 * @returns `host:port` of each, with an IP address for host, each once
 * @throws {Error} as DNS gives it, when the name can not be resolved
 */
export async function resolveTarget(target: string, dns: Dns = systemDns): Promise<readonly string[]> {
  const service = /^dns\+srv:\/\/(.+)$/.exec(target)?.[1];
  if (service !== undefined) {
    const records = await dns.srv(service);
    const found = await Promise.allSettled(records.map(async ({ name, port }) => resolveHost(name, port, dns)));
    return unique(found.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])));
  }
  const place = parseHostPort(target.replace(/^dns:\/\//, ''));
  return place === undefined ? [] : unique(await resolveHost(place.host, place.port, dns));
}

async function resolveHost(host: string, port: number, dns: Dns): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await dns.lookup(host) : [host];
  return addresses.map((address) => formatHostPort({ host: address, port }));
}

function unique(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)].slice(0, MAX_ADDRESSES);
}
