import { type Millis, millis } from '../base/brands.ts';
import type { Claim } from '../store/record.ts';

/** Rounds within {@link WINDOW} after which a second live node with the same id is certain (protocol, section 6). */
const ROUNDS = 3;
const WINDOW = millis(60_000);
/** Once certain, the duplicate is answered only this often, so that two of a name do not keep the whole mesh busy. */
const PACE = millis(15_000);
/** How long after its last sign a duplicate counts as gone, and how often it is reported while it lasts. */
const MEMORY = millis(120_000);
const REPORT_EVERY = millis(60_000);

/**
 * Tells a second live node with this node's id from a former life. A former life is overtaken once and stays silent; a live
 * duplicate answers every new version with a newer one, without end.
 */
export class IdentityWatch {
  readonly #rounds: Millis[] = [];
  #otherAddress = '';
  #certainUntil: Millis | undefined;
  #answeredAt: Millis | undefined;
  #reportedAt: Millis | undefined;

  /**
   * One round: somebody holds a version of this id that this node did not write.
   *
   * @returns whether to answer it with a new version now, and whether to report the duplicate
   */
  round(claim: Claim, ownAddress: string, now: Millis): { readonly answer: boolean; readonly report: boolean } {
    const certain = this.#isCertain(now);
    const paced = this.#answeredAt !== undefined && now - this.#answeredAt < PACE;
    // An accusation is always answered: the duplicate may be gone, and this node is alive.
    if (certain && paced && claim.state === 'HEALTHY') return { answer: false, report: false };
    this.#answeredAt = now;
    this.#rounds.push(now);
    while (this.#rounds[0] !== undefined && now - this.#rounds[0] > WINDOW) this.#rounds.shift();
    if (claim.address !== ownAddress || this.#otherAddress === '') this.#otherAddress = claim.address;
    if (this.#rounds.length < ROUNDS) return { answer: true, report: false };
    this.#certainUntil = millis(now + MEMORY);
    const report = this.#reportedAt === undefined || now - this.#reportedAt >= REPORT_EVERY;
    if (report) this.#reportedAt = now;
    return { answer: true, report };
  }

  /** Addresses of the duplicates that are certain at `now`. */
  duplicates(now: Millis): readonly string[] {
    return this.#isCertain(now) ? [this.#otherAddress] : [];
  }

  #isCertain(now: Millis): boolean {
    return this.#certainUntil !== undefined && now <= this.#certainUntil;
  }
}
