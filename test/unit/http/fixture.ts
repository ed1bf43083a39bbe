import { type DestinationStream, pino } from 'pino';
import { nodeId, type UnixMillis, unixMillis, type Version } from '../../../src/base/brands.ts';
import type { NodeMetadata } from '../../../src/base/metadata.ts';
import type { Standing } from '../../../src/gossip/view.ts';
import { createHttpApp, type HttpAppOptions } from '../../../src/http/app.ts';
import type { MembershipPort, ShownMember } from '../../../src/http/port.ts';
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
  listens = true;
  /** How often the members were asked for. */
  asked = 0;

  members(): readonly ShownMember[] {
    this.asked += 1;
    return this.list;
  }

  revision(): number {
    return this.at;
  }

  standing(): Standing {
    return this.stands;
  }

  listening(): boolean {
    return this.listens;
  }
}

/** An app around a fake node, with a clock that the test moves and a log that it reads. */
export function setUp(options: Partial<HttpAppOptions> = {}) {
  const port = new FakePort();
  const clock = { wall: NOON };
  const lines: Record<string, unknown>[] = [];
  const sink: DestinationStream = { write: (line) => lines.push(JSON.parse(line)) };
  const metrics = createMetrics({ version: '1.2.3', process: false });
  const app = createHttpApp({
    port,
    metrics,
    logger: pino({ level: 'debug', base: null }, sink),
    now: (): UnixMillis => unixMillis(clock.wall),
    version: '1.2.3',
    etagNonce: 'life1',
    generateRequestId: () => 'generated-id',
    ...options,
  });
  return { app, port, clock, lines, metrics };
}
