import type { ListedMember } from './memberlist-client.ts';
import { type Cell, type Column, renderTable, type Style } from './table.ts';

interface MembersTableOptions {
  /** Also the address, the auth server's port, the version, and how the member is reached. */
  readonly wide: boolean;
  /** Wall time that ages are counted from, in milliseconds since 1970. */
  readonly asOf: number;
  /** The terminal's width in columns; absent: not bounded. */
  readonly width?: number | undefined;
  readonly color: boolean;
}

/** A state as people are shown it: that of a member that left by itself has a name of its own. */
export type ShownState = ListedMember['peerState'] | 'LEFT';

const STATE_STYLES: Readonly<Record<ShownState, Style>> = {
  HEALTHY: 'good',
  SUSPECTED_DEAD: 'warning',
  DEAD: 'bad',
  LEFT: 'faint',
};

const COLUMNS: readonly Column[] = [
  { title: 'NAME', least: 12 },
  { title: 'STATE' },
  { title: 'API ENDPOINT', least: 20 },
  { title: 'LABELS', least: 20 },
  { title: 'LAST SEEN' },
];
const WIDE_COLUMNS: readonly Column[] = [
  { title: 'ADDRESS' },
  { title: 'AUTH PORT' },
  { title: 'VERSION' },
  { title: 'REACHED' },
];

/** Members as a table, a line each. The local one is marked with an asterisk. */
export function membersTable(members: readonly ListedMember[], options: MembersTableOptions): string[] {
  const rows = members.map((member): Cell[] => {
    const { apiEndpoint, apiPort, labels } = member.state;
    const state = shownState(member);
    return [
      { text: member.isLocal ? `${member.id} *` : member.id },
      { text: state, style: stateStyle(state) },
      { text: apiEndpoint },
      { text: labelsText(labels) },
      { text: age(options.asOf - Date.parse(member.lastSeen)) },
      ...(options.wide
        ? [{ text: member.address }, { text: String(apiPort) }, { text: String(member.version) }, reachCell(member)]
        : []),
    ];
  });
  return renderTable(options.wide ? [...COLUMNS, ...WIDE_COLUMNS] : COLUMNS, rows, options);
}

export function shownState(member: ListedMember): ShownState {
  return member.left === true && member.peerState === 'DEAD' ? 'LEFT' : member.peerState;
}

export function stateStyle(state: ShownState): Style {
  return STATE_STYLES[state];
}

/** How the node reaches a member; nothing for itself and for the dead, whom nobody reaches. */
function reachCell({ isLocal, peerState, reachability }: ListedMember): Cell {
  if (isLocal || peerState === 'DEAD' || reachability === undefined) return { text: '-' };
  return reachability === 'indirect' ? { text: reachability, style: 'warning' } : { text: reachability };
}

/** Labels as a selector would name them: `env=prod,tier=edge`. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in milliseconds as kubectl writes ages. What is not past yet, as clocks have their grain, is now. */
export function age(span: number): string {
  const seconds = Math.floor(span / 1_000);
  if (seconds < 1) return 'now';
  if (seconds < 2 * MINUTE) return `${seconds}s ago`;
  if (seconds < 2 * HOUR) return `${Math.floor(seconds / MINUTE)}m ago`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h ago`;
  return `${Math.floor(seconds / DAY)}d ago`;
}
