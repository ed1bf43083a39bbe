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
