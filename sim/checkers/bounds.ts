import { type Delta, recordBytes } from '../../src/store/delta.ts';
import type { Host, Life } from '../engine/host.ts';
import type { Step } from '../engine/world.ts';
import { type CheckerFactory, Violation } from './checker.ts';

/** An interval of virtual time may hold the contacts of two cycles: the late ones of one and the early ones of the next. */
const CYCLES_IN_INTERVAL = 2;
/** A target is tried at most so often in an interval (the backoff begins with a quarter of a second, less its jitter). */
const TRIES_OF_TARGET = 8;

/** What a life has done in the running interval. */
interface Work {
  readonly interval: number;
  contacts: number;
  joins: number;
  wakes: number;
}

/** Messages, members, memory and the work of a cycle stay within their limits. */
export const bounds: CheckerFactory = (world) => {
  const { gossipFactor, gossipInterval, maxDeltaBytes, maxMembers, maxTombstones } = world.config;
  // At random, those that are followed because they failed, and the one that was heard last.
  const contactsOfCycle = 3 * gossipFactor + 1;
  const done = new WeakMap<Life, Work>();

  function workOf(life: Life): Work {
    const interval = Math.floor(world.now / gossipInterval);
    const known = done.get(life);
    if (known?.interval === interval) return known;
    const fresh: Work = { interval, contacts: 0, joins: 0, wakes: 0 };
    done.set(life, fresh);
    return fresh;
  }

  function demand(host: Host, count: number, most: number, what: string): void {
    if (count <= most) return;
    throw new Violation('bounds', world.now, host.name, undefined, `${count} ${what}, more than ${most}`);
  }

  function demandOfDelta(host: Host, delta: Delta): void {
    if (delta.length < 2) return;
    demand(
      host,
      delta.reduce((sum, record) => sum + recordBytes(record), 0),
      maxDeltaBytes,
      'bytes in a delta',
    );
  }

  return {
    invariant: 'bounds',
    onStep({ host, life, input, effects }: Step) {
      const work = workOf(life);
      if (input.kind === 'wake') work.wakes += 1;
      for (const effect of effects) {
        if ('message' in effect && 'delta' in effect.message) demandOfDelta(host, effect.message.delta);
        if (effect.kind !== 'sendHeartbeat') continue;
        if (effect.connection === 'pooled') work.contacts += 1;
        else work.joins += 1;
      }
      demand(host, work.contacts, CYCLES_IN_INTERVAL * contactsOfCycle, 'contacts in one interval');
      const targets = host.join.length + world.hosts.size;
      demand(host, work.joins, CYCLES_IN_INTERVAL + TRIES_OF_TARGET * targets, 'tries to join in one interval');
      // A wake is for a cycle, a contact, a try, or for a suspicion or a death whose time is over.
      const planned = CYCLES_IN_INTERVAL * (contactsOfCycle + 2 + 2 * world.hosts.size) + TRIES_OF_TARGET * targets;
      demand(host, work.wakes, planned, 'wakes in one interval');
    },
    onCycle() {
      for (const host of world.live()) {
        const { life } = host;
        if (life === undefined) continue;
        demand(host, life.core.members(host.clock.read(world.now).wall).length, maxMembers, 'members');
        demand(host, life.core.tombstoneCount, maxTombstones, 'tombstones');
        const calls = CYCLES_IN_INTERVAL * contactsOfCycle + 2 * TRIES_OF_TARGET * world.hosts.size;
        demand(host, life.calls.size, calls, 'open calls');
      }
    },
  };
};
