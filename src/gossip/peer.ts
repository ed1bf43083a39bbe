import type { Millis, NodeId, UnixMillis } from '../base/brands.ts';
import { DigestEntry, type MemberRecord } from '../store/record.ts';

/** Somebody says that the member may be dead, and it has not answered yet. */
export interface Suspicion {
  /** Since when it has been held, without a break. */
  readonly since: Millis;
  /** Meanwhile somebody has even said DEAD: the verdict once the suspicion has been held for its time. */
  readonly deadHeard: boolean;
}

/**
 * A verdict of this node alone, reached while nobody else was heard: the fault may be this node's own. It is shown but never
 * gossiped, and the member is not spoken of while it stands (protocol, section 4).
 */
export interface IsolationVerdict {
  readonly state: 'SUSPECTED_DEAD' | 'DEAD';
  readonly since: Millis;
  /** It has been shown as DEAD for its time and has left the memberlist. */
  readonly retired: boolean;
}

/** A check has ended so many cycles after its own, at the latest. */
const REMEMBERED_CYCLES = 10;

/** What this node knows of a live member from its own dealings with it. None of it is gossip. */
export class Peer {
  readonly id: NodeId;
  /** When there was last evidence of life, by the wall clock. Only for showing. */
  lastSeen: UnixMillis;
  /** The same by the monotonic clock. */
  evidenceAt: Millis;
  /** Consecutive cycles with a failed handshake. */
  failures = 0;
  /** How many of them fell into cycles in which nobody else was heard either, and so may be this node's own fault. */
  doubtful = 0;
  /** Failures of the running cycle; they count when it ends. */
  pending = 0;
  suspicion: Suspicion | undefined;
  isolationVerdict: IsolationVerdict | undefined;
  /**
   * It spoke and sent no fingerprint, so it understands none. Until then it is taken to: an elder peer reads one that stands alone as an
   * empty digest, and sends all it holds for once; the other way round everybody would pay a digest to everybody.
   */
  isElder = false;
  /** Others reach it while this node does not. */
  indirect = false;
  /** Since when the record has said DEAD. */
  deadSince: Millis | undefined;
  /** The latest cycles whose handshakes failed. Made with the first. */
  #failedCycles: Set<number> | undefined;
  #entry: { readonly record: MemberRecord; readonly entry: DigestEntry } | undefined;

  constructor(id: NodeId, lastSeen: UnixMillis, evidenceAt: Millis) {
    this.id = id;
    this.lastSeen = lastSeen;
    this.evidenceAt = evidenceAt;
  }

  /** What a digest says of this peer. Made anew only when the record or the time has changed, for a digest may be long. */
  entry(record: MemberRecord): DigestEntry {
    const known = this.#entry;
    if (known?.record === record && known.entry.lastSeen === this.lastSeen) return known.entry;
    const entry = new DigestEntry(record, this.lastSeen);
    this.#entry = { record, entry };
    return entry;
  }

  /**
   * Counts that a handshake of a cycle failed. The check of one cycle may end before that of the cycle before.
   *
   * @returns whether it counts: a cycle counts once, whatever was tried in it
   */
  countFailure(cycle: number): boolean {
    const cycles = (this.#failedCycles ??= new Set());
    if (cycles.has(cycle)) return false;
    for (const old of cycles) if (old < cycle - REMEMBERED_CYCLES) cycles.delete(old);
    cycles.add(cycle);
    this.pending += 1;
    return true;
  }

  /** Forgets the failures that may have been this node's own fault, and those of the running cycle. */
  forgetDoubtful(): void {
    this.failures -= this.doubtful;
    this.doubtful = 0;
    this.pending = 0;
  }

  clearFailures(): void {
    this.failures = 0;
    this.doubtful = 0;
    this.pending = 0;
  }
}
