/**
 * How news should spread by push and pull, to hold measurements against.
 *
 * Push and pull: A. Demers et al., "Epidemic algorithms for replicated database maintenance", PODC 1987 (on anti-entropy: once few do not
 * know, pull squares their share in each cycle, push only divides it by a constant). Both together: R. Karp, C. Schindelhauer, S. Shenker,
 * B. Vöcking, "Randomized rumor spreading", FOCS 2000 (with one contact all of N know after log₃ N + O(log log N) rounds).
 * Both let all nodes act at once, in rounds. {@link inRounds} is that model.
 *
 * Muster's nodes do not act in rounds: each has a cycle of its own, which begins with its contacts at its own moment. What a node learns
 * early in a cycle others pass on in that same cycle; so news crosses several hops in one, and rounds foresee 1.4 (with 1 contact a cycle) to
 * 2 times (with 3) the time that it takes. {@link atOwnMoments} is the same mean-field argument without rounds. In calm simulated meshes of
 * 10 to 1,000 nodes without pushes the median time until all know lies within 5 % of it.
 */

/** The share of nodes that know, by time in cycles since the news came into being. {@link allKnow} says when all do. */
export interface SpreadCurve {
  /** Time between two entries of `shares`, cycles. */
  readonly step: number;
  /** Begins with one node of all, ends when hardly any is left. */
  readonly shares: readonly number[];
}

/** Steps a cycle, and phases that nodes' cycles are sorted into. */
const STEPS = 100;
const MAX_CYCLES = 60;
/** A curve ends when so many nodes are expected not to know. */
const LEFT_AT_END = 0.01;

/**
 * The share from which on all count as knowing. Of many nodes, each unlikely not to know, the number that do not know follows Poisson's
 * law; with a mean of ln 2 it is zero in half of all cases. So this is where the median run has all nodes.
 */
export function allKnow(nodes: number): number {
  return 1 - Math.LN2 / nodes;
}

/**
 * Synchronous rounds: an uninformed node stays so if none of its own `factor` contacts is informed and no informed node contacts it,
 * `i' = 1 − (1 − i)(1 − i)^f (1 − f / (N − 1))^(iN)`.
 *
 * @param nodes at least 2
 */
export function inRounds(nodes: number, factor: number): SpreadCurve {
  const shares = [1 / nodes];
  const contacted = Math.min(1, factor / (nodes - 1));
  for (let share = 1 / nodes; nodes * (1 - share) > LEFT_AT_END && shares.length <= MAX_CYCLES; shares.push(share)) {
    share = 1 - (1 - share) * (1 - share) ** factor * (1 - contacted) ** (share * nodes);
  }
  return { step: 1, shares };
}

/**
 * Nodes that act at moments of their own, each once a cycle at its phase. Of the nodes of each phase let y(t) be the informed share, and
 * x(t) its mean over all phases.
 *
 * - Push: the informed nodes whose phase it is make `factor` contacts each. An uninformed node escapes them all with `exp(−factor · ∫y)`,
 *   where y is taken at each moment from the phase whose turn it is. (Not x: who learns something by its own contacts waits a whole cycle
 *   for its next turn.)
 * - Pull: at its own phase it makes `factor` contacts, and escapes them with `(1 − x(t))^factor`.
 *
 * What a node hands on it held `hop` earlier: the message's travel.
 *
 * @param nodes at least 2
 * @param hop the mean travel time of one message, cycles
 */
export function atOwnMoments(nodes: number, factor: number, hop = 0): SpreadCurve {
  const delay = Math.round(hop * STEPS);
  const knowing = Array.from({ length: STEPS }, () => 1 / nodes);
  const shares = [1 / nodes];
  /** The y of the phase whose turn it was, by steps. */
  const turns: number[] = [];
  const met = (share: number): number => Math.min(1, (share * nodes) / (nodes - 1));
  for (let now = 0; now < MAX_CYCLES * STEPS; now += 1) {
    const turn = now % STEPS;
    const earlier = now - delay;
    turns.push(knowing[turn] ?? 0);
    const unpushed = Math.exp((-factor / STEPS) * met(turns[earlier] ?? 0));
    const unpulled = (1 - met(shares[Math.max(0, earlier)] ?? 0)) ** factor;
    for (const [phase, share] of knowing.entries()) {
      knowing[phase] = 1 - (1 - share) * unpushed * (phase === turn ? unpulled : 1);
    }
    const next = knowing.reduce((sum, share) => sum + share, 0) / STEPS;
    shares.push(next);
    if (nodes * (1 - next) <= LEFT_AT_END) break;
  }
  return { step: 1 / STEPS, shares };
}

/** When a curve reaches a share, in cycles, by straight lines between its entries; undefined when it never does. */
export function reaches({ step, shares }: SpreadCurve, share: number): number | undefined {
  const after = shares.findIndex((reached) => reached >= share);
  if (after < 0) return undefined;
  const low = shares[after - 1];
  const high = shares[after];
  if (low === undefined || high === undefined) return 0;
  return step * (after - 1 + (share - low) / (high - low));
}
