import type { LatencyModel } from '../engine/latency.ts';

/** The mean of what the latency model draws: jitter is three times its mean times a squared even number, and ten times that once in a hundred. */
const JITTER_MEAN = 1 + 0.01 * 9;

/**
 * The mean time that a message travels between two of the hosts, ms, when nothing is slow or lost.
 *
 * @param hosts the region of every host
 */
export function meanHop(model: LatencyModel, hosts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const region of hosts) counts.set(region, (counts.get(region) ?? 0) + 1);
  let sum = 0;
  let pairs = 0;
  for (const [from, count] of counts) {
    for (const [to, others] of counts) {
      const ways = count * (from === to ? others - 1 : others);
      const { base, jitter } = model.between(from, to);
      sum += ways * (base + JITTER_MEAN * jitter);
      pairs += ways;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}
