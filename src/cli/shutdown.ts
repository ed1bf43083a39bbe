import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Millis } from '../base/brands.ts';
import type { HttpServer } from '../http/server.ts';
import type { MusterNode } from '../node/muster-node.ts';

/** What is kept of the time for the end: gRPC calls that have begun take half a second at the most, the snapshot a write. */
const RESERVE_MS = 900;

export interface ShutdownOptions {
  readonly node: MusterNode;
  readonly http: Pick<HttpServer, 'close' | 'breakOff'>;
  readonly logger: Logger;
  /** How long all of it may take. */
  readonly drainTimeout: Millis;
}

/**
 * Stops an agent without a gap for those whom it serves: it is not ready from now on, leaves the mesh, ends the watches, takes no more
 * connections and finishes the requests, closes gRPC, and writes the last snapshot. What does not end in time is cut short.
 */
export async function shutDown({ node, http, logger, drainTimeout }: ShutdownOptions): Promise<void> {
  const expiry = delay(drainTimeout - RESERVE_MS, 'late' as const, { ref: false });

  const acknowledged = await Promise.race([node.leave(), expiry]);
  if (acknowledged === 'late') logger.warn({ code: 'DRAIN_TIMEOUT', unfinished: 'leave' }, 'left without an answer');
  else logger.info({ code: 'LEFT', acknowledged }, 'left the mesh');

  if ((await Promise.race([http.close(), expiry])) === 'late') {
    logger.warn({ code: 'DRAIN_TIMEOUT', unfinished: 'requests' }, 'breaking off what HTTP requests are left');
    http.breakOff();
  }

  await node.stop();
  logger.info({ code: 'STOPPED' }, 'stopped');
}
