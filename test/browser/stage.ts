import { once } from 'node:events';
import { nodeId, unixMillis } from '../../src/base/brands.ts';
import { demoClusters } from '../../src/cli/demo-clusters.ts';
import type { ShownMember } from '../../src/http/port.ts';
import type { JournalEntry, JournalKind } from '../../src/observability/journal.ts';
import { type FakePort, member, setUp, standing } from '../unit/http/fixture.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

/** What happened before, the oldest first: who, what, and how many seconds ago. */
const PAST: readonly (readonly [string, JournalKind, number])[] = [
  ['prod-eu-west', 'joined', 8_000],
  ['prod-us-east', 'joined', 7_990],
  ['prod-ap-tokyo', 'joined', 7_985],
  ['prod-us-east', 'suspected', 3_000],
  ['prod-us-east', 'died', 2_950],
  ['prod-us-east', 'returned', 2_400],
  ['staging-eu', 'changed', 300],
  ['prod-sa-paulo', 'left', 41],
];

/** The HTTP face of a node that is as a test wants it: for states that a real mesh is seldom in. */
export class Stage {
  readonly port: FakePort;
  readonly #app: ReturnType<typeof setUp>['app'];
  #address = '';

  private constructor() {
    const { app, port, clock } = setUp();
    clock.wall = NOW;
    this.#app = app;
    this.port = port;
  }

  static async start(): Promise<Stage> {
    const stage = new Stage();
    stage.#address = await stage.#app.listen({ port: 0, host: '127.0.0.1' });
    return stage;
  }

  url(path: string): string {
    return `${this.#address}${path}`;
  }

  /** Shows a fleet of so many clusters, with a little of everything when there are enough of them. */
  show(size: number): void {
    this.port.list = demoClusters(size)
      .map(fleetMember)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    this.port.past = size === 1 ? [] : PAST.map(entry);
    this.port.at += 1;
  }

  reset(): void {
    this.port.stands = standing();
    this.show(1);
  }

  async close(): Promise<void> {
    const closed = once(this.#app.server, 'close');
    this.#app.server.closeAllConnections();
    await Promise.all([closed, this.#app.close()]);
  }
}

function fleetMember(
  { name, apiEndpoint, apiPort, labels }: ReturnType<typeof demoClusters>[number],
  index: number,
): ShownMember {
  const many = index > 4;
  return member(name, {
    isLocal: index === 0,
    address: `10.${index % 7}.${index % 200}.7:7946`,
    version: NOW - 8_000_000 + index * 4_321,
    lastSeen: NOW - ((index * 777) % 4_000),
    state: many && index % 17 === 6 ? 'SUSPECTED_DEAD' : many && index % 10 === 9 ? 'DEAD' : 'HEALTHY',
    left: many && index % 20 === 9 && index % 17 !== 6,
    reachability: index % 11 === 3 ? 'indirect' : 'direct',
    decoded: { apiEndpoint, apiPort, labels },
  });
}

function entry([id, kind, ago]: (typeof PAST)[number], index: number): JournalEntry {
  const changes = kind === 'changed' ? [{ field: 'label', key: 'env', from: 'dev', to: 'staging' } as const] : [];
  return { seq: index + 1, at: unixMillis(NOW - ago * 1_000), kind, id: nodeId(id), changes };
}
