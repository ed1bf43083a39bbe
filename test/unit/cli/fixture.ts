import type { ListedEvent } from '../../../src/cli/client/events.ts';
import type { NodeInfo } from '../../../src/cli/client/local.ts';
import type { ListedMember } from '../../../src/cli/memberlist-client.ts';
import type { StandardOutput } from '../../../src/cli/standard-output.ts';

export const NOON = Date.UTC(2026, 10, 21, 12);

/** Characters that no table may pass on: escape sequences of both kinds, a bell, marks that turn the direction, and unseen ones. */
export const HOSTILE =
  'a\u001B[31mb\u009B2Jc\u0007\u007Fd\u202Ee\u2066f\u200Bg\u200Dh\uFEFFi\u00ADj\u3164k\u{E0041}l\u2028m\r\nn';
export const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** A member as a node tells of it, with a default for everything. */
export function listed(
  id: string,
  changes: Partial<Omit<ListedMember, 'state'>> & { state?: Partial<ListedMember['state']> } = {},
): ListedMember {
  return {
    id,
    address: '10.0.3.7:7946',
    lastSeen: new Date(NOON - 3_200).toISOString(),
    version: 7,
    peerState: 'HEALTHY',
    isLocal: false,
    ...changes,
    state: {
      apiEndpoint: `https://api.${id}.example.com:6443`,
      apiPort: 443,
      labels: { env: 'prod' },
      ...changes.state,
    },
  };
}

/** A terminal that keeps what is written to it, and can be given another size. */
export function fakeTerminal(columns: number, rows: number) {
  const written: string[] = [];
  const resized: (() => void)[] = [];
  const size = { columns, rows };
  const output: StandardOutput = {
    terminal: true,
    color: false,
    size: () => size,
    write: (text) => {
      written.push(text);
    },
    closed: new AbortController().signal,
    onResize: (listener) => {
      resized.push(listener);
    },
  };
  const resize = (): void => {
    for (const listener of resized) listener();
  };
  return { output, written, resize };
}

/** A change as a node tells of it, with a default for everything. */
export function changed(changes: Partial<ListedEvent> = {}): ListedEvent {
  return { seq: 1, at: new Date(NOON).toISOString(), kind: 'changed', id: 'prod-eu', changes: [], ...changes };
}

/** What a node has to say of itself, with a default for everything. */
export function info(changes: Partial<NodeInfo> = {}): NodeInfo {
  return {
    id: 'prod-eu',
    mesh: 'fleet',
    gossipAddress: '10.0.3.7:7946',
    httpAddress: '127.0.0.1:8080',
    version: 42,
    state: { apiEndpoint: 'https://api.prod-eu.example.com:6443', apiPort: 443, labels: { env: 'prod' } },
    readiness: { status: 'ready' },
    members: { total: 3, healthy: 3, suspected: 0, dead: 0, left: 0, indirect: 0 },
    startedAt: new Date(NOON - 300_000).toISOString(),
    software: { muster: '1.2.3', node: 'v20.20.2' },
    ...changes,
  };
}
