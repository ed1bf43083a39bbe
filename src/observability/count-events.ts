import { unreachable } from '../base/invariant.ts';
import type { GossipEvent } from '../gossip/event.ts';
import type { Metrics } from './metrics.ts';

/** Counts one gossip event in the metrics of its node. */
export function recordGossipEvent(metrics: Metrics, event: GossipEvent): void {
  switch (event.kind) {
    case 'memberChanged':
      metrics.memberChanges.inc({ from: event.from ?? 'none', to: event.to ?? 'none' });
      break;
    case 'handshakeFinished':
      metrics.handshakes.inc({ side: event.side, result: 'ok' });
      if (event.inSync) metrics.digestElisions.inc({ side: event.side });
      if (event.side === 'client' && event.took !== undefined) metrics.handshakeDuration.observe(event.took / 1_000);
      break;
    case 'handshakeFailed':
      metrics.handshakes.inc({ side: 'client', result: 'failed' });
      metrics.handshakeFailures.inc({ reason: event.reason });
      break;
    case 'probed':
      metrics.probes.inc({ result: event.result });
      break;
    case 'probeServed':
      metrics.probesServed.inc({ result: event.reached ? 'reached' : 'unreached' });
      break;
    case 'reachabilityChanged':
      metrics.degradedLinks.inc(event.reachability === 'indirect' ? 1 : 0);
      break;
    case 'newsPushed':
      metrics.newsPushes.inc(event.peers);
      metrics.newsRecords.inc(event.records);
      break;
    case 'forgotten':
      metrics.forgotten.inc();
      break;
    case 'accused':
      metrics.accusations.inc({ state: event.state });
      break;
    case 'refuted':
      metrics.refutations.inc();
      break;
    case 'isolated':
      metrics.isolated.set(1);
      break;
    case 'reconnected':
      metrics.isolated.set(0);
      break;
    case 'lateCycle':
      metrics.lateCycles.inc();
      break;
    case 'duplicateId':
      metrics.duplicateIds.inc();
      break;
    case 'messageRefused':
      metrics.messagesRefused.inc({ reason: event.reason });
      break;
    case 'recordRefused':
      metrics.recordsRefused.inc({ reason: event.reason });
      break;
    case 'joined':
      metrics.joins.inc();
      break;
    case 'joinFailed':
      metrics.joinFailures.inc();
      break;
    case 'leaving':
      // Nobody scrapes a leaving node for long enough to see a count of it.
      break;
    default:
      unreachable(event);
  }
}
