import type { Logger } from 'pino';
import type { Millis } from '../base/brands.ts';
import { LineLimiter } from '../observability/line-limiter.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { DroppedRecord, WireErrorCode } from '../wire/refusal.ts';
import type { ConnectionRefusal } from './gossip-listener.ts';

/** Why something that a peer sent did not reach the core. */
export type ShellRefusal = WireErrorCode | ConnectionRefusal | 'unread' | 'handler_failed';

/** Counts and logs what the shell refuses, at most one line a minute for each peer and reason (protocol, section 7). */
export interface RefusalReport {
  readonly message: (reason: ShellRefusal, remote: string, detail: string) => void;
  readonly records: (dropped: readonly DroppedRecord[], remote: string) => void;
}

export function createRefusalReport(logger: Logger, metrics: Metrics, monotonic: () => Millis): RefusalReport {
  const limiter = new LineLimiter(monotonic);

  function warn(code: string, reason: string, remote: string, fields: object, text: string): void {
    const peer = hostOf(remote);
    const suppressed = limiter.admit(`${code} ${reason}`, [peer]);
    if (suppressed === undefined) return;
    logger.warn({ code, reason, peer, ...fields, ...(suppressed > 0 ? { suppressed } : {}) }, text);
  }

  return {
    message: (reason, remote, detail) => {
      metrics.messagesRefused.inc({ reason });
      warn('MESSAGE_REFUSED', reason, remote, { detail }, 'refused a message');
    },
    records: (dropped, remote) => {
      for (const { reason, id } of dropped) {
        metrics.recordsRefused.inc({ reason });
        warn('RECORD_REFUSED', reason, remote, { member: id }, 'refused a record');
      }
    },
  };
}

/** A caller's port changes with every connection; its host is who it is. */
function hostOf(remote: string): string {
  return remote.replace(/:\d+$/, '');
}
