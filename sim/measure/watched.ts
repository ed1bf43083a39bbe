import type { Host, Life } from '../engine/host.ts';

/** What goes on at a host. `left`: its node has said goodbye and is about to end. */
export type Condition = 'none' | 'running' | 'paused' | 'left';

/** A host as the meter last saw it. */
export class Watched {
  readonly host: Host;
  /** Its place among the hosts that were seen. */
  readonly index: number;
  /** The place of its id among the members. Two hosts that have one id share it. */
  readonly member: number;
  life: Life | undefined;
  condition: Condition = 'none';
  /** Since when it is live, if it is. */
  liveSince = 0;
  /** How long it was live before that, ms. */
  livedBefore = 0;
  /** How many nodes have run here, one after the other. */
  lives = 0;

  constructor(host: Host, index: number, member: number) {
    this.host = host;
    this.index = index;
    this.member = member;
  }

  get live(): boolean {
    return this.condition === 'running';
  }

  /** How long it has been live in all, ms. */
  lived(now: number): number {
    return this.livedBefore + (this.live ? now - this.liveSince : 0);
  }
}

export function conditionOf({ life, paused }: Host): Condition {
  if (life === undefined) return 'none';
  if (life.left) return 'left';
  return paused ? 'paused' : 'running';
}
