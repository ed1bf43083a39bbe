import { endpointProblem } from '../../base/metadata.ts';
import type { ShownMember } from '../port.ts';

/** One entry of Prometheus' http_sd format. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const META = '__meta_muster_';
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** A member as a target: the host and port of its API endpoint. Undefined for one that does not tell a lawful endpoint. */
export function targetOf(member: ShownMember): TargetGroup | undefined {
  const { apiEndpoint, apiPort, labels } = member.decoded;
  if (endpointProblem(apiEndpoint) !== undefined || !URL.canParse(apiEndpoint)) return undefined;
  const { hostname, port, protocol, pathname } = new URL(apiEndpoint);
  const fixed = {
    id: member.id,
    address: member.address,
    peer_state: member.state,
    api_endpoint: apiEndpoint,
    api_port: String(apiPort),
    scheme: protocol.slice(0, -1),
    path: pathname,
  };
  return {
    targets: [`${hostname}:${port === '' ? (DEFAULT_PORTS[protocol] ?? '') : port}`],
    labels: Object.fromEntries([
      ...Object.entries(fixed).map(([name, value]) => [`${META}${name}`, value]),
      // From the last to the first, so that of two keys that are written alike here the first in order counts.
      ...Object.entries(labels)
        .toSorted(([a], [b]) => (a < b ? 1 : -1))
        .map(([key, value]) => [`${META}label_${key.replaceAll(/[^A-Za-z0-9_]/g, '_')}`, value]),
    ]),
  };
}
