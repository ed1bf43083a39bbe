/**
 * One thing that is done to a mesh. Hosts are named as in the scenario (`n0`, `n1`, …). Shares are 0 to 1, times ms. The text form of each,
 * as scenario files have it, is in `text.ts`.
 */
export type Action =
  /** The process is gone without a word; `withMachine`: packets to it vanish instead of being refused. */
  | { readonly kind: 'crash'; readonly host: string; readonly withMachine: boolean }
  /** A new process on the host of one that is gone (or is ended now); `clock`: how far its wall clock is ahead from now on. */
  | { readonly kind: 'restart'; readonly host: string; readonly disk: boolean; readonly clock?: number }
  | { readonly kind: 'pause' | 'resume' | 'leave' | 'relabel'; readonly host: string }
  /** A newcomer on a host of its own. */
  | { readonly kind: 'join'; readonly host: string }
  /** A second live node with the id of another, on a host of its own. */
  | { readonly kind: 'twin'; readonly host: string; readonly of: string }
  /** A newcomer that tells others an address at which nobody is. */
  | { readonly kind: 'misadvertise'; readonly host: string }
  /** Cuts one link, one way. */
  | { readonly kind: 'cut'; readonly from: string; readonly to: string }
  /** Cuts one link, both ways. */
  | { readonly kind: 'sever'; readonly host: string; readonly other: string }
  /** Cuts all links of one host: `in` what comes to it, `out` what it sends. */
  | { readonly kind: 'isolate'; readonly host: string; readonly way: 'both' | 'in' | 'out' }
  | { readonly kind: 'partition'; readonly groups: readonly (readonly string[])[] }
  /** Loses a share of packets on the links of these hosts, or on all links when there are none. */
  | { readonly kind: 'loss'; readonly share: number; readonly hosts: readonly string[] }
  | { readonly kind: 'duplicate'; readonly share: number }
  /** Everything from and to the host takes so much longer. */
  | { readonly kind: 'slow'; readonly host: string; readonly extra: number }
  /** The network is whole again. Hosts stay as they are. */
  | { readonly kind: 'heal' };

/** An action and when it is taken, ms from the start of the scenario. */
export interface Timed {
  readonly at: number;
  readonly action: Action;
}
