import { hostname } from 'node:os';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Clock } from '../../src/node/clock.ts';
import { MusterNode } from '../../src/node/muster-node.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createMetrics } from '../../src/observability/metrics.ts';

interface LocalNodeOptions {
  readonly id: string;
  /** `host:port` to listen at; any free port of the loopback when it is left out. */
  readonly bind?: string;
  readonly join?: readonly string[];
  readonly labels?: readonly string[];
  readonly dataDir?: string;
  readonly clock?: Clock;
}

/**
 * A node within this process, over real sockets, with everything that an agent has but its HTTP server and its log. It is configured
 * as an agent is.
 */
export function localNode(options: LocalNodeOptions): MusterNode {
  const { id, bind = '127.0.0.1:0', join = [], labels = [], dataDir, clock } = options;
  const config = loadConfig({
    flags: { nodeId: id, gossipBind: bind, join, label: labels, ...(dataDir === undefined ? {} : { dataDir }) },
    env: {},
    readFile: (path) => {
      throw new Error(`${path} is not to be read`);
    },
    hostname: hostname(),
    interfaces: {},
    terminal: false,
  });
  if (!config.ok) throw new Error(config.error.map(formatProblem).join('\n'));
  return new MusterNode({
    config: config.value,
    logger: createLogger({ level: 'silent', format: 'json' }),
    metrics: createMetrics({ version: 'test', process: false }),
    ...(clock === undefined ? {} : { clock }),
  });
}
