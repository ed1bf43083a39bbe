import type { MistakeData, Worst } from './run-data.ts';
import { rounded } from './summary.ts';

/** Counts what was wrongly shown, by who showed it and of whom. */
export class Mistakes {
  readonly #byObserver = new Map<string, number>();
  readonly #byMember = new Map<string, number>();
  #count = 0;
  #cutOff = 0;

  /** @param cutOff the network was cut between the two */
  add(observer: string, member: string, cutOff: boolean): void {
    this.#count += 1;
    if (cutOff) this.#cutOff += 1;
    this.#byObserver.set(observer, (this.#byObserver.get(observer) ?? 0) + 1);
    this.#byMember.set(member, (this.#byMember.get(member) ?? 0) + 1);
  }

  finish(nodeHours: number): MistakeData {
    return {
      count: this.#count,
      cutOff: this.#cutOff,
      perNodeHour: nodeHours > 0 ? rounded((this.#count - this.#cutOff) / nodeHours, 4) : 0,
      worstObserver: worstOf(this.#byObserver),
      worstMember: worstOf(this.#byMember),
    };
  }
}

/** Of equals the first. */
function worstOf(counts: ReadonlyMap<string, number>): Worst | null {
  let worst: Worst | null = null;
  for (const [name, count] of counts) if (count > (worst?.count ?? 0)) worst = { name, count };
  return worst;
}
