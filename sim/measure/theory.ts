/**
 * How news should spread by push and pull, to hold measurements against.
 *
 * Push and pull: A. Demers et al., "Epidemic algorithms for replicated database maintenance", PODC 1987 (on anti-entropy: once few do not
 * know, pull squares their share in each cycle, push only divides it by a constant). Both together: R. Karp, C. Schindelhauer, S. Shenker,
 * B. Vöcking, "Randomized rumor spreading", FOCS 2000 (with one contact all of N know after log₃ N + O(log log N) rounds).
 * Both let all nodes act at once, in rounds. {@link inRounds} is that model.
 *
 * Muster's nodes do not act in rounds: each has a cycle of its own that begins at its own moment, and spreads its contacts over the first
 * half of it. What a node learns early in a cycle it passes on, and is asked for, in that same cycle; so news crosses several hops in one
 * cycle, and rounds foresee twice the time that it takes. {@link atRandomMoments} is the same mean-field argument without rounds. In
 * calm simulated meshes with 3 contacts a cycle the median time until all know lies 3 to 6 % above it (10, 100 and 1,000 nodes); with
 * 1 contact it lies 13 to 15 % above (10 and 100 nodes): a mean does not know the luck of the first steps from a single node.
 */

/** The share of nodes that know, by time in cycles since the news came into being. {@link allKnow} says when all do. */
export interface SpreadCurve {
  /** Time between two entries of `shares`, cycles. */
  readonly step: number;
  /** Begins with one node of all, ends when hardly any is left. */
  readonly shares: readonly number[];
}

/** The part of a cycle, from its start, over which a node spreads its contacts (CONTACT_SPREAD in the core). */
const WINDOW = 0.5;
/** Steps a cycle, and phases that nodes' cycles are sorted into. Twice as many move the result by less than a hundredth of a cycle. */
const STEPS = 100;
const PHASES = 50;
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
 * Nodes that act at moments of their own. Let x(t) be the informed share of the others, as an uninformed node meets them.
 *
 * - Push: informed nodes contact it at a rate of `factor · x(t)` a cycle; it escapes them all with `exp(−factor · ∫x)`.
 * - Pull: it makes `factor` contacts in each of its cycles, each at an even moment of that cycle's window; one of them escapes with
 *   `1 − ∫x / window`, the integral taken over what has passed of the window. Windows begin at the node's own phase.
 *
 * The share of the uninformed is the product of both, averaged over all phases, times the share that was not informed to begin with. What
 * a node hands on it held `hop` earlier: the message's travel.
 *
 * @param nodes at least 2
 * @param hop the mean travel time of one message, cycles
 */
export function atRandomMoments(nodes: number, factor: number, hop = 0): SpreadCurve {
  const step = 1 / STEPS;
  const delay = Math.round(hop * STEPS);
  const shares = [1 / nodes];
  /** ∫x from the beginning, by steps. */
  const met = [0];
  const metUntil = (at: number): number => (at <= 0 ? 0 : (met[Math.min(at, met.length - 1)] ?? 0));
  for (let now = 1; now <= MAX_CYCLES * STEPS; now += 1) {
    const share = shares[now - 1] ?? 0;
    met.push((met[now - 1] ?? 0) + step * Math.min(1, (share * nodes) / (nodes - 1)));
    const seen = now - delay;
    const unmet = Math.exp(-factor * metUntil(seen)) * meanUnasked(seen, factor, metUntil);
    const next = 1 - (1 - 1 / nodes) * unmet;
    shares.push(next);
    if (nodes * (1 - next) <= LEFT_AT_END) break;
  }
  return { step, shares };
}

/** The share of nodes, over all phases, whose own contacts have met nobody informed until a time (in steps). */
function meanUnasked(until: number, factor: number, metUntil: (at: number) => number): number {
  let sum = 0;
  for (let phase = 0; phase < PHASES; phase += 1) {
    let unasked = 1;
    for (let begin = Math.round((phase / PHASES - 1) * STEPS); begin < until; begin += STEPS) {
      const end = Math.min(begin + WINDOW * STEPS, until);
      unasked *= Math.max(0, 1 - (metUntil(end) - metUntil(begin)) / WINDOW) ** factor;
    }
    sum += unasked;
  }
  return sum / PHASES;
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
