import { isIPv4, isIPv6 } from 'node:net';
import { isPort } from '../base/metadata.ts';

/** Longest address in bytes: a DNS name of 253 with its last dot, the colon, five digits, and one to spare. */
export const MAX_ADDRESS_BYTES = 261;

const PLACE = /^(?:\[(?<six>[0-9A-Fa-f:.]{2,45})\]|(?<host>[A-Za-z0-9._-]{1,254})):(?<port>[1-9][0-9]{0,4})$/;
const LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/**
 * Tells whether `text` is an address that a gossip server can have: `host:port` in ASCII, with an IPv4 address, a DNS name or an
 * IPv6 address in brackets as its host, and a port from 1 to 65535 without leading zeros. Underscores are let through in names,
 * as container networks use them.
 */
export function isAddress(text: string): boolean {
  if (text.length > MAX_ADDRESS_BYTES) return false;
  const parts = PLACE.exec(text)?.groups;
  if (parts === undefined || !isPort(Number(parts['port']))) return false;
  const { six, host = '' } = parts;
  if (six !== undefined) return isIPv6(six);
  return /^[0-9.]+$/.test(host) ? isIPv4(host) : isName(host);
}

function isName(host: string): boolean {
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label));
}
