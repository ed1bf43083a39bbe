import { isIPv4, isIPv6 } from 'node:net';
import { isPort } from '../base/metadata.ts';
import { err, ok, type Result } from '../base/result.ts';

/** A place to listen on or to call. `host` is an IPv4 address, an IPv6 address without brackets, or a DNS name. */
export interface HostPort {
  readonly host: string;
  /** 0 to 65535; 0 asks for any free port. */
  readonly port: number;
}

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?$`);

/**
 * Tells whether lower-case text may be a DNS name. Underscores are allowed, since container networks use them. A name whose last
 * part is a number is taken for a mistyped IPv4 address.
 */
function isDnsName(text: string): boolean {
  return text.length <= 253 && NAME.test(text) && !/(?:^|\.)\d+\.?$/.test(text);
}

/**
 * Reads `host:port`. Hosts come back in lower case and IPv6 addresses in their shortest form, so that equal places are equal text.
 *
 * @returns the place, or undefined when the text is none
 */
export function parseHostPort(text: string): HostPort | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^[\]:]+)):(\d{1,5})$/i.exec(text);
  const port = Number(parts?.[3]);
  if (parts === null || port > 65_535) return undefined;
  const [, six, other] = parts;
  if (six !== undefined) return isIPv6(six) ? { host: shortIPv6(six), port } : undefined;
  const host = (other ?? '').toLowerCase();
  return isIPv4(host) || isDnsName(host) ? { host, port } : undefined;
}

/** Writes `host:port`, with an IPv6 address in brackets. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Tells whether a host means every address of the machine: something to listen on, never to call. */
export function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Tells whether only this machine can reach what listens on a host: 127.0.0.0/8, `::1` or `localhost`. */
export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|::1|(?:.+\.)?localhost\.?)$/.test(host.replace(/^::ffff:/, ''));
}

function shortIPv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/**
 * Reads a bootstrap target: `host:port`, `dns://name:port` or `dns+srv://_service._proto.name`.
 *
 * @returns the target in lower case, or why the text is none, in words that follow the name of the setting
 */
export function parseTarget(text: string): Result<string, string> {
  const [, scheme, rest] = /^([a-z+]+):\/\/(.*)$/i.exec(text) ?? [undefined, '', text];
  switch (scheme?.toLowerCase()) {
    case '': {
      const place = parseHostPort(text);
      if (place === undefined || !isPort(place.port)) break;
      return ok(formatHostPort(place));
    }
    case 'dns': {
      const place = parseHostPort(rest ?? '');
      if (place === undefined || !isPort(place.port) || !isDnsName(place.host)) {
        return err('must be dns://NAME:PORT with a DNS name and a port from 1 to 65535');
      }
      return ok(`dns://${formatHostPort(place)}`);
    }
    case 'dns+srv': {
      const name = (rest ?? '').toLowerCase();
      if (!/^_[a-z0-9-]+\._[a-z0-9-]+\.[^.]/.test(name) || !isDnsName(name)) {
        return err('must be dns+srv://_SERVICE._PROTO.NAME, such as dns+srv://_gossip._tcp.example.com');
      }
      return ok(`dns+srv://${name}`);
    }
    case undefined:
    default:
      break;
  }
  return err('must be HOST:PORT, dns://NAME:PORT or dns+srv://_SERVICE._PROTO.NAME with a port from 1 to 65535');
}
