import { type DestinationStream, pino } from 'pino';
import { type NodeId, nodeId, type UnixMillis, unixMillis, type Version } from '../../../src/base/brands.ts';
import type { NodeMetadata } from '../../../src/base/metadata.ts';
import type { BootstrapTarget } from '../../../src/gossip/input.ts';
import type { Standing } from '../../../src/gossip/view.ts';
import { createHttpApp, type HttpAppOptions } from '../../../src/http/app.ts';
import type { ControlPort } from '../../../src/http/control/control-port.ts';
import type { MembershipPort, ShownMember } from '../../../src/http/port.ts';
import type { JournalEntry } from '../../../src/observability/journal.ts';
import { createMetrics } from '../../../src/observability/metrics.ts';

export const MEMBERLIST = '/api/v1alpha1/memberlist';
export const NOON = Date.UTC(2026, 10, 21, 12);

/** A member with a default for everything. */
export function member(
  id: string,
  changes: Partial<Omit<ShownMember, 'id' | 'version' | 'lastSeen' | 'decoded'>> & {
    version?: number;
    lastSeen?: number;
    decoded?: Partial<NodeMetadata>;
  } = {},
): ShownMember {
  return {
    address: '10.0.3.7:7946',
    state: 'HEALTHY',
    left: false,
    isLocal: false,
    reachability: 'direct',
    metadata: new Uint8Array(),
    ...changes,
    id: nodeId(id),
    lastSeen: unixMillis(changes.lastSeen ?? NOON - 1_500),
    version: (changes.version ?? 7) as Version,
    decoded: { apiEndpoint: `https://api.${id}.example.com:6443`, apiPort: 6443, labels: {}, ...changes.decoded },
  };
}

export function standing(changes: Partial<Standing> = {}): Standing {
  return {
    firstRoundTried: true,
    leaving: false,
    isolated: false,
    waitingFor: [],
    duplicateAddresses: [],
    ...changes,
  };
}

/** A node that a test sets as it likes. */
export class FakePort implements MembershipPort {
  readonly nodeId = 'prod-eu';
  readonly mesh = 'fleet';
  list: readonly ShownMember[] = [member('prod-eu', { isLocal: true })];
  at = 1;
  stands = standing();
  past: readonly JournalEntry[] = [];
  listens = true;
  readonly listeners = new Set<(id: NodeId, member: ShownMember | undefined) => void>();
  /** How often the members were asked for. */
  asked = 0;

  members(): readonly ShownMember[] {
    this.asked += 1;
    return this.list;
  }

  subscribe(listener: (id: NodeId, member: ShownMember | undefined) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Puts a member into the list in place of the one with its id, and tells of it. */
  put(changed: ShownMember): void {
    const others = this.list.filter(({ id }) => id !== changed.id);
    this.list = [...others, changed].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    this.tell(changed.id, changed);
  }

  /** Takes a member out of the list, and tells of it. */
  remove(id: string): void {
    this.list = this.list.filter((one) => one.id !== id);
    this.tell(nodeId(id), undefined);
  }

  private tell(id: NodeId, changed: ShownMember | undefined): void {
    this.at += 1;
    for (const listener of this.listeners) listener(id, changed);
  }

  revision(): number {
    return this.at;
  }

  standing(): Standing {
    return this.stands;
  }

  history(): readonly JournalEntry[] {
    return this.past;
  }

  listening(): boolean {
    return this.listens;
  }
}

/** A node's control that notes what it is made to do. */
class FakeControl implements ControlPort {
  told: NodeMetadata = { apiEndpoint: '', apiPort: 443, labels: {} };
  readonly done: unknown[] = [];
  readonly members: Readonly<Record<string, 'forgotten' | 'alive'>> = { dead: 'forgotten', 'prod-eu': 'alive' };

  metadata(): NodeMetadata {
    return this.told;
  }

  setMetadata(metadata: NodeMetadata): void {
    this.told = metadata;
  }

  join(targets: readonly BootstrapTarget[]): void {
    this.done.push(targets);
  }

  async leave(): Promise<number> {
    this.done.push('leave');
    return 2;
  }

  forget(id: NodeId): 'forgotten' | 'alive' | 'unknown' {
    this.done.push(id);
    return this.members[id] ?? 'unknown';
  }
}

/** An app around a fake node, with a clock that the test moves and a log that it reads. */
export function setUp(options: Partial<HttpAppOptions> = {}) {
  const port = new FakePort();
  const control = new FakeControl();
  const clock = { wall: NOON };
  const lines: Record<string, unknown>[] = [];
  const sink: DestinationStream = { write: (line) => lines.push(JSON.parse(line)) };
  const metrics = createMetrics({ version: '1.2.3', process: false });
  const app = createHttpApp({
    port,
    control,
    metrics,
    logger: pino({ level: 'debug', base: null }, sink),
    now: (): UnixMillis => unixMillis(clock.wall),
    version: '1.2.3',
    etagNonce: 'life1',
    generateRequestId: () => 'generated-id',
    ...options,
  });
  return { app, port, control, clock, lines, metrics };
}
