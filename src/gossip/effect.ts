import type { GossipEvent } from './event.ts';
import type { CallId, ExchangeId } from './input.ts';
import type { DeltaAnswer, Diff, Heartbeat, MessageRefusal, Probe, ProbeAnswer } from './messages.ts';

/** How to reach a peer: over the pooled connection, or over a fresh one because whoever was there may be somebody else now. */
export type Connection = 'pooled' | 'fresh';

/** What the core wants done. The shell does it and takes no decision of its own. */
export type Effect =
  | {
      readonly kind: 'sendHeartbeat';
      readonly exchange: ExchangeId;
      readonly address: string;
      readonly connection: Connection;
      readonly message: Heartbeat;
    }
  | {
      readonly kind: 'sendDiff';
      readonly exchange: ExchangeId;
      readonly address: string;
      readonly message: Diff;
    }
  | {
      readonly kind: 'sendProbe';
      readonly exchange: ExchangeId;
      readonly address: string;
      readonly message: Probe;
    }
  | { readonly kind: 'answerHeartbeat'; readonly call: CallId; readonly message: Diff }
  | { readonly kind: 'answerDiff'; readonly call: CallId; readonly message: DeltaAnswer }
  | { readonly kind: 'answerProbe'; readonly call: CallId; readonly message: ProbeAnswer }
  | { readonly kind: 'refuse'; readonly call: CallId; readonly reason: MessageRefusal; readonly detail: string }
  | { readonly kind: 'resolve'; readonly target: string }
  /** The goodbye is said, as far as it can be: the shell may stop. */
  | { readonly kind: 'leaveFinished'; readonly acknowledged: number }
  | { readonly kind: 'event'; readonly event: GossipEvent };
