import type { NodeId, Version } from '../../src/base/brands.ts';
import type { Host, Life } from '../engine/host.ts';
import { changesOf } from './changes.ts';
import { type CheckerFactory, Violation } from './checker.ts';

/** After a death this long the whole mesh has had time to know, in cycles beyond the dead threshold. */
const KNOWN_AFTER = 6;
/** A mesh in which nothing has happened for so many cycles holds nobody who still believes in one long dead. */
const QUIET_AFTER = 60;

interface Death {
  readonly version: Version;
  readonly left: boolean;
  /** The record itself says so, not only this node's own verdict. */
  readonly isPublic: boolean;
}

/**
 * A member that died or left is not shown HEALTHY again unless it spoke again.
 *
 * A death by the record is final at its version, even for those who have long stopped showing it. A death by a node's own verdict may be
 * taken back, as the fault may be its own link, on the word of anybody it meets: that is a ghost only if nobody of that id has run for so
 * long that everybody knows, and nobody was away meanwhile and brings old beliefs along. And in a mesh that has been quiet for long,
 * nobody tells a newcomer of one who is gone.
 */
export const noGhosts: CheckerFactory = (world) => {
  const deaths = new WeakMap<Life, Map<NodeId, Death>>();
  const { gossipInterval, deadThreshold } = world.config;
  const patience = (deadThreshold + KNOWN_AFTER) * gossipInterval;

  /** No node of this id has run for `time`. */
  const isGone = (id: NodeId, time: number): boolean =>
    world.hostsOf(id).every((host) => host.life === undefined && world.now - host.since >= time);

  /** Nothing was disturbed for `time`, and but for `newcomer` all that run ran all that time. */
  const isQuiet = (time: number, newcomer?: Host): boolean =>
    world.network.calm &&
    world.now - world.networkChangedAt >= time &&
    [...world.hosts.values()].every(
      (host) => host === newcomer || host.life === undefined || (!host.paused && world.now - host.since >= time),
    );

  return {
    invariant: 'no ghosts',
    onStep(step) {
      const { at, host, life } = step;
      const known = deaths.get(life) ?? new Map<NodeId, Death>();
      deaths.set(life, known);
      for (const { id, from, to, version, left } of changesOf(step)) {
        if (id === host.id) continue;
        const ghost = (why: string): Violation => new Violation('no ghosts', at, host.name, id, why);
        if (to === 'DEAD') {
          known.set(id, { version, left, isPublic: life.core.record(id)?.state === 'DEAD' });
          continue;
        }
        if (to === undefined) continue;
        const death = known.get(id);
        if (death !== undefined && version <= death.version) {
          const how = death.left ? 'left' : 'died';
          if (death.isPublic)
            throw ghost(`it ${how} at version ${death.version} and is shown ${to} again at ${version}`);
          if (to === 'HEALTHY' && isGone(id, patience) && isQuiet(patience)) {
            throw ghost(`it is gone, was found dead at version ${death.version} and is shown HEALTHY at ${version}`);
          }
        }
        const quiet = QUIET_AFTER * gossipInterval;
        // Who was stopped may find mail in which the dead still live; who has just started has had none.
        const newcomer = life.startedAt === host.since ? host : undefined;
        if (from === undefined && isGone(id, quiet) && isQuiet(quiet, newcomer)) {
          throw ghost(`it has been gone for long, nothing has happened since, and it is shown ${to}`);
        }
      }
    },
  };
};
