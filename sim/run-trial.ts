import type { World } from './engine/world.ts';

/** How often a trial looks, in parts of its time. Its outcome is known no more exactly than that. */
const LOOKS = 40;

/** What a trial finds: it holds, it does not yet (and what is seen instead), or nobody can tell any more. */
export type Finding =
  | { readonly is: 'so' }
  | { readonly is: 'not yet'; readonly seen: string }
  | { readonly is: 'void' };

export const SO: Finding = { is: 'so' };
export const VOID: Finding = { is: 'void' };
export const notYet = (seen: string): Finding => ({ is: 'not yet', seen });

/**
 * Something that has to come true within a time from now. It looks again and again until it is true or too late. Looking changes
 * nothing in the run.
 */
export class Trial {
  readonly subject: string;
  /** How long it took, ms; undefined as long as it has not come true. */
  took: number | undefined;
  /** What was seen instead when the time was over. */
  failure: string | undefined;
  /** What it asks about has been overtaken by other events. */
  isVoid = false;

  constructor(world: World, subject: string, within: number, look: () => Finding) {
    this.subject = subject;
    const since = world.now;
    const step = within / LOOKS;
    const again = (count: number): void => {
      const finding = look();
      if (finding.is === 'so') this.took = world.now - since;
      else if (finding.is === 'void') this.isVoid = true;
      else if (count >= LOOKS) this.failure = finding.seen;
      else world.at(since + (count + 1) * step, () => again(count + 1));
    };
    again(0);
  }
}
