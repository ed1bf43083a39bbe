import type { World } from '../engine/world.ts';
import { accuracy } from './accuracy.ts';
import { agreement } from './agreement.ts';
import { authorship } from './authorship.ts';
import { bounds } from './bounds.ts';
import type { Checker, CheckerFactory, Invariant } from './checker.ts';
import { completeness } from './completeness.ts';
import { noGhosts } from './ghosts.ts';
import { monotony } from './monotony.ts';

/** One checker for every invariant of the protocol's section 9. */
export const CHECKER_OF: Readonly<Record<Invariant, CheckerFactory>> = {
  agreement,
  completeness,
  accuracy,
  monotony,
  authorship,
  'no ghosts': noGhosts,
  bounds,
};

export const CHECKERS: readonly CheckerFactory[] = Object.values(CHECKER_OF);

/** Sets checkers on a run: after every step, and once in every cycle. */
export function watch(world: World, factories: readonly CheckerFactory[] = CHECKERS): readonly Checker[] {
  const checkers = factories.map((make) => make(world));
  world.listen((step) => {
    for (const checker of checkers) checker.onStep?.(step);
  });
  const everyCycle = (): void => {
    for (const checker of checkers) checker.onCycle?.();
    world.at(world.now + world.config.gossipInterval, everyCycle);
  };
  world.at(world.config.gossipInterval, everyCycle);
  return checkers;
}
