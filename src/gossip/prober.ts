import type { Millis, NodeId } from '../base/brands.ts';
import type { Context } from './context.ts';
import type { ProbeResult } from './event.ts';
import type { FailureDetector } from './failure-detector.ts';
import type { CallId } from './input.ts';
import type { Membership } from './membership.ts';
import type { Peer } from './peer.ts';

/** Callers that may wait for one probe at the most. More than a mesh ever asks; a flood of them is answered with no at once. */
const MAX_WAITING = 64;

/** A handshake that others are asked about. */
export interface Check {
  readonly peer: Peer;
  /** When the handshake was begun: by the number of the cycle and by the clock. */
  readonly cycle: number;
  readonly startedAt: Millis;
  /** Answers that are still to come. */
  pending: number;
  /** The handshake itself has failed. */
  failed: boolean;
  /** Somebody has reached the member. */
  reached: boolean;
}

/** What a prober needs done. */
export interface ProberActions {
  /** Asks a helper to look; the outcome comes back by {@link Prober.heard}. */
  readonly ask: (helper: NodeId, check: Check) => void;
  /** Begins a handshake with a member; the outcome comes back by {@link Prober.looked}. */
  readonly look: (target: NodeId) => void;
  readonly answer: (call: CallId, reached: boolean) => void;
}

/**
 * The indirect check (protocol, section 4; SWIM, section 3.1): a handshake that failed is looked into from elsewhere before it counts. If
 * a helper reaches the member, the link between the two is at fault and not the member. About a member that has failed before the
 * others are asked at once, so that the check costs no time.
 */
export class Prober {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #detector: FailureDetector;
  readonly #actions: ProberActions;
  /** Whom this node looks for at present, and who wants to know. */
  readonly #waiting = new Map<NodeId, CallId[]>();

  constructor(context: Context, membership: Membership, detector: FailureDetector, actions: ProberActions) {
    this.#context = context;
    this.#membership = membership;
    this.#detector = detector;
    this.#actions = actions;
  }

  /** Asks others about a member that a handshake is on its way to. */
  check(peer: Peer, cycle: number, startedAt: Millis): Check {
    const { walk, sound } = this.#membership;
    const helpers = walk.sample(this.#context.config.gossipFactor, (id) => id !== peer.id && sound(id));
    const check: Check = { peer, cycle, startedAt, pending: helpers.length, failed: false, reached: false };
    for (const helper of helpers) this.#actions.ask(helper, check);
    return check;
  }

  /** The handshake failed. With nobody to ask that counts at once; else the member is followed while the others look. */
  failed(check: Check): void {
    check.failed = true;
    if (check.pending > 0 && !check.reached) this.#detector.watch(check.peer);
    this.#decide(check);
  }

  /** A helper has answered, or has not. */
  heard(check: Check, result: ProbeResult): void {
    this.#context.tell({ kind: 'probed', id: check.peer.id, result });
    check.pending -= 1;
    // One word of life is enough: whatever the others say after it changes nothing.
    if (check.reached) return;
    check.reached = result === 'reached';
    if (check.failed) this.#decide(check);
  }

  /** Somebody asks whether this node reaches a member. It is called where this node knows it to be, never where the asker says. */
  asked(call: CallId, target: NodeId): void {
    const waiting = this.#waiting.get(target);
    if (target === this.#context.self) {
      this.#actions.answer(call, true);
    } else if (waiting !== undefined) {
      if (waiting.length < MAX_WAITING) waiting.push(call);
      else this.#actions.answer(call, false);
    } else if (this.#membership.peers.has(target)) {
      this.#waiting.set(target, [call]);
      this.#actions.look(target);
    } else {
      this.#actions.answer(call, false);
    }
  }

  /** The handshake on behalf of others has ended. */
  looked(target: NodeId, reached: boolean): void {
    const waiting = this.#waiting.get(target) ?? [];
    this.#waiting.delete(target);
    this.#context.tell({ kind: 'probeServed', reached });
    for (const call of waiting) this.#actions.answer(call, reached);
  }

  #decide({ peer, cycle, startedAt, pending, reached }: Check): void {
    if (this.#membership.peers.get(peer.id) !== peer) return;
    if (reached) {
      this.#detector.evidence(peer);
      this.#membership.setIndirect(peer, true);
    } else if (pending === 0) {
      this.#detector.failed(peer, cycle, startedAt);
    }
  }
}
