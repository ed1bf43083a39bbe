import { invariant } from '../../src/base/invariant.ts';
import type { Random } from '../../src/base/random.ts';

/** One way between two hosts, ms: a floor, and what jitter adds to it. */
export interface Delay {
  readonly base: number;
  /** The mean of what is added. */
  readonly jitter: number;
}

/** How long messages travel. Regions are names; hosts of a model without regions are all in one. */
export interface LatencyModel {
  readonly name: string;
  readonly regions: readonly string[];
  between(from: string, to: string): Delay;
}

/**
 * One-way times between regions, ms: half of the round trips between data centres of the public clouds, rounded (Azure's published
 * "network round-trip latency statistics", medians; AWS and GCP are within a few per cent of it).
 */
const REGIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'us-east': { 'us-east': 0.4, 'us-west': 33, 'eu-west': 38, 'ap-south': 95, 'ap-northeast': 80, 'sa-east': 58 },
  'us-west': { 'us-west': 0.4, 'eu-west': 69, 'ap-south': 110, 'ap-northeast': 53, 'sa-east': 88 },
  'eu-west': { 'eu-west': 0.4, 'ap-south': 60, 'ap-northeast': 108, 'sa-east': 93 },
  'ap-south': { 'ap-south': 0.4, 'ap-northeast': 62, 'sa-east': 150 },
  'ap-northeast': { 'ap-northeast': 0.4, 'sa-east': 128 },
  'sa-east': { 'sa-east': 0.4 },
};

/** One data centre. */
export const LAN: LatencyModel = {
  name: 'lan',
  regions: ['lan'],
  between: () => ({ base: 0.3, jitter: 0.2 }),
};

/** Anywhere to anywhere, 40 ms with much jitter. */
export const WAN: LatencyModel = {
  name: 'wan',
  regions: ['wan'],
  between: () => ({ base: 40, jitter: 10 }),
};

/** Six regions on five continents, hosts dealt out to them in turn. */
export const WORLD: LatencyModel = {
  name: 'world',
  regions: Object.keys(REGIONS),
  between: (from, to) => {
    const base = REGIONS[from]?.[to] ?? REGIONS[to]?.[from];
    invariant(base !== undefined, `no latency between ${from} and ${to}`);
    return { base, jitter: 0.05 * base + 0.2 };
  },
};

export const LATENCY_MODELS: readonly LatencyModel[] = [LAN, WAN, WORLD];

/**
 * Draws one travel time, ms. The jitter has a mean of `jitter` and a tail of ten times that: the square of an even number is skewed
 * like measured jitter, and is the same on every machine, which a logarithm need not be.
 */
export function draw({ base, jitter }: Delay, random: Random): number {
  const even = random.fraction();
  const tail = random.fraction() < 0.01 ? 10 : 1;
  return base + 3 * jitter * even * even * tail;
}
