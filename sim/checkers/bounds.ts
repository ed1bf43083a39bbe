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
  /** Handshakes begun with a member, and how many of them others have asked for. */
  contacts: number;
  asked: number;
  pushes: number;
  joins: number;
  wakes: number;
}

/** Messages, members, memory and the work of a cycle stay within their limits. */
export const bounds: CheckerFactory = (world) => {
  const { eagerMinGap, gossipFactor, gossipInterval, maxDeltaBytes, maxMembers, maxTombstones } = world.config;
  // At random, those that are followed because they failed, the one that was heard last, and the next in the ring.
  const contactsOfCycle = 3 * gossipFactor + 2;
  const done = new WeakMap<Life, Work>();
  /** The exchange begun last by each life: a second heartbeat of one is not another contact. */
  const latest = new WeakMap<Life, number>();
  const tellingsOfInterval = Math.ceil(gossipInterval / Math.max(1, eagerMinGap)) + 1;
  // As many again go to others in the place of those that do not answer.
  const pushesOfTelling = 2 * gossipFactor;

  function workOf(life: Life): Work {
    const interval = Math.floor(world.now / gossipInterval);
    const known = done.get(life);
    if (known?.interval === interval) return known;
    const fresh: Work = { interval, contacts: 0, asked: 0, pushes: 0, joins: 0, wakes: 0 };
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
      if (input.kind === 'probeReceived') work.asked += 1;
      for (const effect of effects) {
        if ('message' in effect && 'delta' in effect.message) demandOfDelta(host, effect.message.delta);
        if (effect.kind === 'sendDiff' && effect.message.pushOnly) work.pushes += 1;
        if (effect.kind !== 'sendHeartbeat' || effect.exchange <= (latest.get(life) ?? 0)) continue;
        latest.set(life, effect.exchange);
        if (effect.connection === 'pooled') work.contacts += 1;
        else work.joins += 1;
      }
      const contacts = CYCLES_IN_INTERVAL * contactsOfCycle + work.asked;
      demand(host, work.contacts, contacts, 'contacts in one interval');
      // A goodbye is pushed too.
      const pushes = pushesOfTelling * (tellingsOfInterval + 1) + world.hosts.size;
      demand(host, work.pushes, pushes, 'pushes in one interval');
      const targets = host.join.length + world.hosts.size;
      demand(host, work.joins, CYCLES_IN_INTERVAL + TRIES_OF_TARGET * targets, 'tries to join in one interval');
      // A wake is for a cycle, a contact, a try, news, or for a suspicion or a death whose time is over.
      const planned = CYCLES_IN_INTERVAL * (contactsOfCycle + 2 + 2 * world.hosts.size) + TRIES_OF_TARGET * targets;
      demand(host, work.wakes, planned + tellingsOfInterval, 'wakes in one interval');
    },
    onCycle() {
      for (const host of world.live()) {
        const { life } = host;
        if (life === undefined) continue;
        demand(host, life.core.recordCount, maxMembers, 'members');
        demand(host, life.core.tombstoneCount, maxTombstones, 'tombstones');
        // A contact that fails is asked about. Those on behalf of others are one for each member at the most.
        const contacts = CYCLES_IN_INTERVAL * contactsOfCycle * (1 + gossipFactor) + world.hosts.size;
        const calls = contacts + pushesOfTelling * tellingsOfInterval + 2 * TRIES_OF_TARGET * world.hosts.size;
        demand(host, life.calls.size, calls, 'open calls');
      }
    },
  };
};
