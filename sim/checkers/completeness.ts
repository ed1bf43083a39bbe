import type { NodeId } from '../../src/base/brands.ts';
import type { Host, Life } from '../engine/host.ts';
import type { Step } from '../engine/world.ts';
import { type CheckerFactory, Violation } from './checker.ts';
import { Links } from './links.ts';

/** Cycles beyond the dead threshold within which everybody knows of a crash, whatever the size of the mesh. */
const SLACK = 6;
/** As many more when so many die at once that no node can follow them all. */
const CROWD_SLACK = 6;
/** The same while something is cut, lost or slow elsewhere. */
const DISTURBED_SLACK = 10;
/** Cycles in which everybody knows of a change of the network, so that later crashes are not confused with it. */
const ABSORBED = 40;
/** Cycles in which everybody knows of a leave that somebody has acknowledged: far fewer than a detection takes. */
const LEAVE_SPREADS = 7;
/** What a disturbed network may do to the links of those that must know. */
const TELLS = { loss: 0.1, slowness: 0.1 };

/** Cycles that finding out about a crash takes, whoever observes it. */
interface Found {
  readonly detection: number;
  readonly ownFinding: number;
}

interface Leave {
  readonly host: Host;
  readonly at: number;
}

/**
 * Every crashed member is DEAD, or gone, at every live node within the dead threshold and a few cycles; one that has left, much sooner. It
 * is asked of nodes that ran and had met the mesh before. In a network that was whole it is asked of all of them; in one that has been disturbed in
 * the same way for long, of those that most of the mesh reaches and that would reach the member too if it were there.
 */
export const completeness: CheckerFactory = (world) => {
  const { gossipFactor, gossipInterval, deadThreshold } = world.config;
  const links = new Links(world, TELLS);
  const leaves = new Map<NodeId, Leave>();
  /** When a life first knew anybody but itself: until then no news could reach it. */
  const metAt = new WeakMap<Life, number>();
  const cycles = (count: number): number => count * gossipInterval;

  /** When a node last ran all alone. Who hears nobody decides nothing, and forgets its doubts with the next word it hears. */
  let lonelyAt = Number.NEGATIVE_INFINITY;

  /** Cycles within which a crash is found out. A node follows only so many failing peers at a time; in a crowd some have to wait. */
  function detection(): number {
    const dead = [...world.hosts.values()].filter(
      (host) => host.life === undefined && world.now - host.since < cycles(2 * ABSORBED),
    ).length;
    const places = 2 * gossipFactor;
    if (dead <= places) return deadThreshold;
    // With fewer survivors than dead, some are not followed by anybody until others are sentenced.
    const rounds = dead <= world.live().length ? 1 : Math.ceil(dead / places);
    return deadThreshold * rounds + CROWD_SLACK;
  }

  /**
   * Cycles until a node comes across a member by itself, where others have begun anew since the crash: they count from nothing again, so that
   * nobody may be there to tell of it. A walk contacts everybody once, two members in a row are up to two walks apart.
   */
  function ownFinding(crashed: Host): number {
    const live = world.live();
    const begun = live.some(({ since }) => since >= crashed.since);
    return begun ? 2 * Math.ceil(live.length / gossipFactor) : 0;
  }

  /** How long after the crash the observer must know of it, ms; undefined when nothing can be asked of it. */
  function bound(crashed: Host, observer: Host, found: Found): number | undefined {
    const met = observer.life === undefined ? undefined : metAt.get(observer.life);
    if (met === undefined || met >= crashed.since) return undefined;
    if (observer.since >= crashed.since || world.networkChangedAt >= crashed.since) return undefined;
    if (lonelyAt >= crashed.since) return undefined;
    if (world.network.calm) return cycles(found.detection + SLACK + found.ownFinding);
    const long = cycles(ABSORBED);
    const absorbed = crashed.since - world.networkChangedAt >= long;
    if (!absorbed || !links.reachedByMost(observer, long)) return undefined;
    return world.now - links.since(observer, crashed) >= long ? cycles(found.detection + DISTURBED_SLACK) : undefined;
  }

  function demand(gone: Host, observer: Host, after: number, what: string): void {
    if (world.now - gone.since < after) return;
    const shown = observer.life?.core.shown(gone.id);
    if (shown === undefined || shown === 'DEAD') return;
    const since = ((world.now - gone.since) / 1_000).toFixed(1);
    throw new Violation(
      'completeness',
      world.now,
      observer.name,
      gone.id,
      `it ${what} ${since} s ago and is shown ${shown}`,
    );
  }

  return {
    invariant: 'completeness',
    onStep({ host, effects }: Step) {
      for (const effect of effects) {
        if (effect.kind === 'leaveFinished' && effect.acknowledged > 0) leaves.set(host.id, { host, at: host.since });
      }
    },
    onCycle() {
      // A node hears nobody by speaking with its own twin.
      if (new Set(world.live().map(({ id }) => id)).size < 2) lonelyAt = world.now;
      for (const { life } of world.live()) {
        if (life !== undefined && life.core.recordCount > 1 && !metAt.has(life)) metAt.set(life, world.now);
      }
      const present = new Set(
        [...world.hosts.values()].filter((host) => host.life !== undefined).map((host) => host.id),
      );
      for (const gone of world.hosts.values()) {
        if (gone.life !== undefined || present.has(gone.id) || gone.since === 0) continue;
        const leave = leaves.get(gone.id);
        const hasLeft = leave?.host === gone && leave.at === gone.since;
        const found = { detection: detection(), ownFinding: ownFinding(gone) };
        for (const observer of world.live()) {
          const after = bound(gone, observer, found);
          if (after === undefined) continue;
          if (hasLeft && world.network.calm) demand(gone, observer, cycles(LEAVE_SPREADS), 'left');
          demand(gone, observer, after, hasLeft ? 'left' : 'crashed');
        }
      }
    },
  };
};
