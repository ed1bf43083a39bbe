import type { UnixMillis } from '../base/brands.ts';
import { endpointProblem } from '../base/metadata.ts';
import { formatSelector, type LabelSelector } from './label-selector.ts';
import { isUnfiltered, type MemberQuery, matching, type PeerState, STATES } from './member-query.ts';
import type { MembershipPort, ShownMember } from './port.ts';

/** A state for people: the kind that styles and icons go by, and its name. */
interface ShownState {
  readonly kind: 'healthy' | 'suspected' | 'dead' | 'left';
  readonly name: string;
}

const SHOWN_STATES: Readonly<Record<PeerState, ShownState>> = {
  HEALTHY: { kind: 'healthy', name: 'Healthy' },
  SUSPECTED_DEAD: { kind: 'suspected', name: 'Suspected' },
  DEAD: { kind: 'dead', name: 'Dead' },
};
const LEFT: ShownState = { kind: 'left', name: 'Left' };

/**
 * Makes all that the memberlist page shows, ready to be put into its template.
 *
 * @param now wall time, which ages are counted from
 * @param version of Muster
 */
export function memberlistPage(port: MembershipPort, query: MemberQuery, now: UnixMillis, version: string) {
  const members = port.members();
  const rows = matching(members, query).map((member) => row(member, now));
  const tile = (kind: string, name: string, state?: PeerState) => ({
    kind,
    name,
    count: state === undefined ? members.length : members.filter((member) => member.state === state).length,
    href: href(query.selector, state),
    current: state === undefined ? query.states.length === 0 : query.states.includes(state),
  });
  return {
    mesh: port.mesh,
    nodeId: port.nodeId,
    version,
    notices: notices(port),
    total: members.length,
    tiles: [
      tile('all', 'All'),
      ...STATES.map((state) => tile(SHOWN_STATES[state].kind, SHOWN_STATES[state].name, state)),
    ],
    filtered: !isUnfiltered(query),
    selector: formatSelector(query.selector),
    rows,
  };
}

function row(member: ShownMember, now: UnixMillis) {
  const { apiEndpoint, apiPort, labels } = member.decoded;
  return {
    id: member.id,
    isLocal: member.isLocal,
    state: member.left ? LEFT : SHOWN_STATES[member.state],
    apiEndpoint,
    linked: apiEndpoint !== '' && endpointProblem(apiEndpoint) === undefined,
    apiPort,
    labels: Object.entries(labels).map(([key, value]) => ({
      key,
      value,
      href: href([{ operator: 'in', key, values: [value] }]),
    })),
    lastSeen: { exact: new Date(member.lastSeen).toISOString(), text: age(now - member.lastSeen) },
    version: member.version,
    address: member.address,
  };
}

/** The page's own address with another filter. */
function href(selector: LabelSelector, state?: PeerState): string {
  const query = new URLSearchParams();
  if (selector.length > 0) query.set('labelSelector', formatSelector(selector));
  if (state !== undefined) query.set('peerState', state);
  return `?${query.toString()}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time for people, from milliseconds. What is not past yet, as clocks differ, is now. */
function age(span: number): string {
  const seconds = Math.floor(span / 1_000);
  if (seconds < 1) return 'now';
  if (seconds < 2 * MINUTE) return `${seconds} s ago`;
  if (seconds < 2 * HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  return `${Math.floor(seconds / DAY)} d ago`;
}

/** What somebody who looks at the list should know before trusting it. */
function notices(port: MembershipPort): readonly string[] {
  const { isolated, leaving, waitingFor, duplicateAddresses } = port.standing();
  return [
    ...(leaving ? ['This node is leaving the mesh.'] : []),
    ...(isolated ? ['This node is isolated: it hears from no other, so what it shows may be old.'] : []),
    ...(waitingFor.length > 0 ? [`This node is alone and still waiting for ${waitingFor.join(', ')}.`] : []),
    ...(duplicateAddresses.length > 0
      ? [`Another live node claims the id of this one, at ${duplicateAddresses.join(', ')}.`]
      : []),
  ];
}
