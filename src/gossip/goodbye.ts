import { type MemberRecord, severity } from '../store/record.ts';
import type { Context } from './context.ts';
import type { Membership } from './membership.ts';

/**
 * Says goodbye: the own DEAD record goes to `gossipFactor` living peers, another taking the place of one that fails, until so many
 * have acknowledged it, nobody is left to tell, or `leaveTimeout` is over (protocol, section 6). They spread it from there.
 */
export class Goodbye {
  readonly #context: Context;
  readonly #tell: (peer: MemberRecord) => void;
  readonly #candidates: MemberRecord[];
  readonly #wanted: number;
  #failed = false;
  #open = 0;
  #acknowledged = 0;
  #finished = false;

  /** @param tell sends the own record to a peer; the outcome comes back by {@link concluded} */
  constructor(context: Context, membership: Membership, tell: (peer: MemberRecord) => void) {
    this.#context = context;
    this.#tell = tell;
    const living = membership.walk.draw(membership.walk.size).flatMap((id) => membership.store.live.get(id) ?? []);
    // The healthy first: who is under suspicion may not be there to hear it.
    this.#candidates = living.toSorted((a, b) => severity(a) - severity(b));
    this.#wanted = Math.min(context.config.gossipFactor, this.#candidates.length);
  }

  start(): void {
    this.#context.plan(this.#context.config.leaveTimeout, { kind: 'leaveTimeout' });
    this.#continue();
  }

  concluded(acknowledged: boolean): void {
    this.#open -= 1;
    if (acknowledged) this.#acknowledged += 1;
    else this.#failed = true;
    this.#continue();
  }

  timeout(): void {
    this.#finish();
  }

  #continue(): void {
    while (this.#open < this.#places()) {
      const peer = this.#candidates.shift();
      if (peer === undefined) break;
      this.#open += 1;
      this.#tell(peer);
    }
    if (this.#open === 0 || this.#acknowledged >= this.#wanted) this.#finish();
  }

  /** Where some do not answer, as many are asked at a time as are wanted still, and not the last one of them one by one. */
  #places(): number {
    const missing = this.#wanted - this.#acknowledged;
    return missing > 0 && this.#failed ? this.#wanted : missing;
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#context.emit({ kind: 'leaveFinished', acknowledged: this.#acknowledged });
  }
}
