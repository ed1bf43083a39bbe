import type { Host } from '../engine/host.ts';
import type { Step, World } from '../engine/world.ts';
import { changesOf } from './changes.ts';
import { type CheckerFactory, Violation } from './checker.ts';
import { Links } from './links.ts';

/** For so many cycles beyond the dead threshold a member must have been reachable before its death is a false one. */
const SETTLED_AFTER = 4;
/**
 * Beyond this share of lost packets whole cycles of handshakes fail, and nobody can tell the dead from the living; a host that adds more
 * than this share of an interval to every message misses deadlines.
 */
const TELLS_DEATH = { loss: 0.25, slowness: 0.1 };
/** With less than this not even five handshakes in a row fail, so that there is no reason to suspect anybody. */
const TELLS_SUSPICION = { loss: 0.1, slowness: 0.1 };
/** How long a suspicion that had its reason may be about, in cycles. */
const LINGERS = 60;

/**
 * No live member that most of the mesh reaches is shown DEAD by a node that most of the mesh reaches, if the two have reached each other
 * too. And nobody suspects such a member unless somebody had reason to: a live node that heard others, but not the member.
 */
export const accuracy: CheckerFactory = (world) => {
  const { gossipInterval, deadThreshold } = world.config;
  const window = (deadThreshold + SETTLED_AFTER) * gossipInterval;
  const forDeath = new Links(world, TELLS_DEATH);
  const forSuspicion = new Links(world, TELLS_SUSPICION);
  const reasons = new Reasons(world, forSuspicion);

  /** It has run without a break, callable at its own address, and most of the mesh has reached it. */
  const isSettled = (host: Host, links: Links): boolean =>
    isHere(host) && world.now - host.since >= window && links.reachedByMost(host, window);

  /** Whom `id` names, if it is one settled host that the observer has reached all the time. */
  const wronged = (observer: Host, id: string, links: Links): Host | undefined => {
    const owner = onlyOwner(world, id);
    if (owner === undefined || !isSettled(owner, links) || !isSettled(observer, links)) return undefined;
    return world.now - links.since(observer, owner) >= window ? owner : undefined;
  };

  return {
    invariant: 'accuracy',
    onCycle() {
      reasons.look();
    },
    onStep(step: Step) {
      const { at, host } = step;
      for (const { id, from, to } of changesOf(step)) {
        if (id === host.id) continue;
        if (to === 'DEAD' && from !== 'DEAD' && wronged(host, id, forDeath) !== undefined) {
          throw new Violation(
            'accuracy',
            at,
            host.name,
            id,
            'it lives, most of the mesh reaches it, and it is shown DEAD',
          );
        }
        if (to !== 'SUSPECTED_DEAD' || from === 'SUSPECTED_DEAD') continue;
        const suspected = wronged(host, id, forSuspicion);
        if (suspected === undefined || reasons.given(suspected)) continue;
        throw new Violation('accuracy', at, host.name, id, 'it is suspected, and nobody had reason to suspect it');
      }
    },
  };
};

/** When somebody last had reason to suspect a member. */
class Reasons {
  readonly #world: World;
  readonly #links: Links;
  readonly #lastGiven = new Map<Host, number>();

  constructor(world: World, links: Links) {
    this.#world = world;
    this.#links = links;
    world.listenNetwork(() => this.look());
  }

  given(suspected: Host): boolean {
    const last = this.#lastGiven.get(suspected);
    return last !== undefined && this.#world.now - last < LINGERS * this.#world.config.gossipInterval;
  }

  look(): void {
    const { now, network, hosts } = this.#world;
    if (network.calm && this.#lastGiven.size === 0) return;
    const all = [...hosts.values()];
    // A stopped node keeps its suspicions, and speaks of them when it goes on.
    const anyStopped = all.some((host) => host.paused);
    const hearing = all.filter((host) => all.some((other) => other !== host && network.reaches(other.name, host.name)));
    for (const suspected of all) {
      const parted = hearing.some((host) => host !== suspected && this.#links.since(host, suspected) > now);
      if (parted || (anyStopped && this.given(suspected))) this.#lastGiven.set(suspected, now);
    }
  }
}

/** It runs, does not say goodbye, and can be called at the address it tells. */
function isHere(host: Host): boolean {
  return host.live && host.life?.core.standing().leaving === false && host.address === host.advertised;
}

/** The one host that has this id; undefined when several have it. */
function onlyOwner(world: World, id: string): Host | undefined {
  const owners = world.hostsOf(id);
  return owners.length === 1 ? owners[0] : undefined;
}
