import type { Logger } from 'pino';
import type { NodeMetadata } from '../base/metadata.ts';
import type { Result } from '../base/result.ts';
import { configChanges } from '../config/changes.ts';
import type { EffectiveConfig } from '../config/effective.ts';
import { type ConfigProblem, formatProblem } from '../config/problem.ts';
import type { BootstrapTarget } from '../gossip/input.ts';

/** What of a node a new configuration reaches. */
export interface Reloadable {
  configureMetadata(configured: NodeMetadata): void;
  join(targets: readonly BootstrapTarget[]): void;
}

export interface ReloadOptions {
  readonly node: Reloadable;
  readonly logger: Logger;
  /** The configuration that the agent was started with. */
  readonly started: EffectiveConfig;
  /** Reads the configuration anew. */
  readonly load: () => Result<EffectiveConfig, readonly ConfigProblem[]>;
}

/**
 * Makes the function that has a running agent take in its configuration anew. Only what differs from the configuration that was read
 * last is applied, so that metadata which were changed over HTTP stay until their setting changes. A configuration with a mistake
 * changes nothing.
 */
export function createReload({ node, logger, started, load }: ReloadOptions): () => void {
  let last = started;

  function apply(next: EffectiveConfig): void {
    const { cluster, gossip, log } = next;
    node.configureMetadata(cluster);
    const known = new Set(last.gossip.bootstrapPeers.map(({ target }) => target));
    const added = gossip.bootstrapPeers.filter(({ target }) => !known.has(target));
    if (added.length > 0) node.join(added);
    logger.level = log.level;
    last = next;
  }

  return () => {
    const loaded = load();
    if (!loaded.ok) {
      const problems = loaded.error.map(formatProblem);
      logger.error({ code: 'RELOAD_REFUSED', problems }, 'the configuration has mistakes; nothing has changed');
      return;
    }
    const { reloadable } = configChanges(last, loaded.value);
    const { fixed } = configChanges(started, loaded.value);
    apply(loaded.value);
    logger.info({ code: 'RELOADED', changed: reloadable }, 'read the configuration anew');
    if (fixed.length > 0) {
      logger.warn({ code: 'RESTART_NEEDED', settings: fixed }, 'some changed settings take a restart');
    }
  };
}
