/** What a member tells about its cluster (interfaces, section 3). */
export interface NodeMetadata {
  /** Absolute http(s) URL of the cluster's API server, without credentials; empty when the node was not told one. */
  readonly apiEndpoint: string;
  /** The port that the cluster's auth server listens on. */
  readonly apiPort: number;
  /** Labels with Kubernetes' rules for keys and values. */
  readonly labels: Readonly<Record<string, string>>;
}

export const MAX_ENDPOINT_BYTES = 2048;
export const MAX_LABELS = 64;

/** What nearly every endpoint is: a name in small letters, perhaps with a port of at most four digits. One look says that it is good. */
const PLAIN_ENDPOINT = /^https?:\/\/[a-z0-9]+(?:[.-]+[a-z0-9]+)*(?::[1-9][0-9]{0,3})?$/;

/** Why `text` may not be an `apiEndpoint`, in words that follow its name; undefined when it may. Empty is allowed. */
export function endpointProblem(text: string): string | undefined {
  if (text === '') return undefined;
  if (text.length > MAX_ENDPOINT_BYTES) return `is longer than ${MAX_ENDPOINT_BYTES} bytes`;
  if (PLAIN_ENDPOINT.test(text)) return undefined;
  const parts = /^https?:\/\/([\x21-\x7e]+)$/i.exec(text);
  if (parts?.[1] === undefined) return 'must be an absolute http:// or https:// URL of printable ASCII';
  const authority = parts[1].split(/[/?#]/, 1)[0] ?? '';
  if (authority.includes('@')) return 'must not hold credentials';
  const place = /^(?:\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?)(?::(\d{1,5}))?$/i.exec(authority);
  if (place === null) return 'must name a host';
  if (place[2] !== undefined && !isPort(Number(place[2]))) return 'must have a port from 1 to 65535';
  if (/["'<>\\^`{|}]/.test(parts[1])) return 'must escape characters that a URL does not allow';
  return undefined;
}

/** Tells whether a number is a TCP port that something can listen on: 1 to 65535. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * Why `key` may not be a label's key; undefined when it may. A key is a name of at most 63 characters, after an optional
 * DNS subdomain of at most 253 and a slash (Kubernetes, "Labels and Selectors", Syntax and character set).
 */
export function labelKeyProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if (prefix !== undefined && (prefix.length > 253 || !DNS_SUBDOMAIN.test(prefix))) {
    return 'must have a DNS subdomain of at most 253 characters before the slash';
  }
  if (!NAME.test(name)) {
    return "must be 1 to 63 letters, digits, '-', '_' or '.', and begin and end with a letter or digit";
  }
  return undefined;
}

/** Why `value` may not be a label's value; undefined when it may. Empty is allowed (as in Kubernetes). */
export function labelValueProblem(value: string): string | undefined {
  if (value === '' || NAME.test(value)) return undefined;
  return "must be empty, or at most 63 letters, digits, '-', '_' or '.', and begin and end with a letter or digit";
}
