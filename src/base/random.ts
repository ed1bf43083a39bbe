import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { invariant } from './invariant.ts';

/** A source of randomness that the caller seeds: the same seed gives the same numbers on every machine. */
export interface Random {
  /** A whole number from 0 to `bound` − 1, all equally likely. `bound` must be a positive integer. */
  below(bound: number): number;
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
}

/**
 * xoroshiro128+ (Blackman and Vigna, "Scrambled linear pseudorandom number generators"), as pure-rand implements it.
 * Good statistics and short state; not for secrets.
 *
 * @param seed any 32-bit integer
 */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  // pure-rand puts the seed into the state as it is: the first number of every small seed would be nearly 1.
  generator.jump();
  return {
    below(bound) {
      invariant(Number.isSafeInteger(bound) && bound > 0, `a random number below ${bound} does not exist`);
      return uniformInt(generator, 0, bound - 1);
    },
    fraction: () => uniformFloat64(generator),
  };
}

/** Shuffles in place (Fisher and Yates, in Durstenfeld's form): every order is equally likely. */
export function shuffle(items: unknown[], random: Random): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [items[last], items[other]] = [items[other], items[last]];
  }
}

/** Up to `count` of the items, each at most once and all equally likely. */
export function sample<Item>(items: Iterable<Item>, count: number, random: Random): readonly Item[] {
  const rest = [...items];
  const sampled: Item[] = [];
  while (sampled.length < count && rest.length > 0) sampled.push(...rest.splice(random.below(rest.length), 1));
  return sampled;
}
