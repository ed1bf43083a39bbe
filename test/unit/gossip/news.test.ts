import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/base/brands.ts';
import type { GossipConfig } from '../../../src/gossip/config.ts';
import type { Input } from '../../../src/gossip/input.ts';
import { type Done, diffFrom, doneDuring, only, pushed } from '../../helpers/inputs.ts';
import { type RecordOptions, recordOf } from '../../helpers/records.ts';
import { EPOCH, formedMesh, VirtualMesh } from '../../helpers/virtual-mesh.ts';

/** The timer does nothing for an hour: whatever spreads, spreads by pushes. */
const PUSHES_ONLY: Partial<GossipConfig> = { gossipInterval: millis(3_600_000) };
const SEEDS = [1, 2, 3];

/** A mesh of 30 that has formed one by one, so without the timer. */
function pushing(seed: number): VirtualMesh {
  const mesh = new VirtualMesh(seed);
  for (let index = 0; index < 30; index += 1) {
    mesh.start(`n${index}`, { config: PUSHES_ONLY, ...(index === 0 ? {} : { join: ['n0:1'] }) });
    mesh.run(300);
  }
  expect(mesh.agreed()).toBe(true);
  return mesh;
}

function pushesOf(done: readonly Done[], by: string): readonly (readonly string[])[] {
  return only('event', done).flatMap(({ by: name, effect: { event } }) =>
    name === by && event.kind === 'newsPushed' ? [[String(event.peers), String(event.records)]] : [],
  );
}

/** The ids that a node told of, push by push, and when. */
function toldBy(name: string, done: readonly Done[]): readonly { readonly at: number; readonly ids: string }[] {
  const told = only('sendDiff', done).filter(({ by, effect }) => by === name && effect.message.pushOnly);
  const texts = told.map(({ at, effect }) => `${at}:${effect.message.delta.map(({ id }) => id).join(' ')}`);
  return [...new Set(texts)].map((text) => {
    const [at = '', ids = ''] = text.split(':');
    return { at: Number(at), ids };
  });
}

describe('without the timer, news reaches everybody within a second', () => {
  it.each(SEEDS)('an update (seed %i)', (seed) => {
    const mesh = pushing(seed);
    mesh.relabel('n7', 'changed');
    expect(mesh.runUntil(() => mesh.ids().every((name) => mesh.text(name, 'n7') === 'changed'), 1_000)).toBeDefined();
  });

  it.each(SEEDS)('a goodbye (seed %i)', (seed) => {
    const mesh = pushing(seed);
    mesh.leave('n7');
    const known = (): boolean => mesh.ids().every((name) => name === 'n7' || mesh.shown(name, 'n7')?.left === true);
    expect(mesh.runUntil(known, 1_000)).toBeDefined();
  });

  it.each(SEEDS)('a newcomer (seed %i)', (seed) => {
    const mesh = pushing(seed);
    mesh.start('late', { join: ['n3:1'], config: PUSHES_ONLY });
    expect(mesh.runUntil(() => mesh.agreed(), 1_000)).toBeDefined();
  });
});

describe('news of several that meets on its way', () => {
  it.each(SEEDS)('is told on as if each had come alone (seed %i)', (seed) => {
    const mesh = pushing(seed);
    for (let round = 0; round < 10; round += 1) {
      const authors = Array.from({ length: 15 }, (_, index) => `n${(round * 7 + index * 11) % 30}`);
      for (const author of authors) {
        mesh.relabel(author, `round ${round}`);
        mesh.run(3);
      }
      mesh.run(2_000);
      const missing = authors.flatMap((author) =>
        mesh.ids().filter((name) => mesh.text(name, author) !== `round ${round}`),
      );
      expect(missing).toEqual([]);
    }
  });
});

describe('who knows', () => {
  it.each(SEEDS)(
    'stays silent: each node tells an update once, to as many as the gossip factor says (seed %i)',
    (seed) => {
      const mesh = pushing(seed);
      mesh.relabel('n7', 'changed');
      const done = doneDuring(mesh, 3_000);
      for (const name of mesh.ids()) expect(pushesOf(done, name)).toEqual([['3', '1']]);
      expect(only('sendDiff', done).length).toBe(3 * 30);
    },
  );

  it.each(['answers', 'does not answer'])(
    'does not tell him from whom he has it, or whom it is about, also when the other one %s',
    (answers) => {
      const mesh = formedMesh(4, 1, PUSHES_ONLY);
      mesh.run(1_000);
      if (answers !== 'answers') mesh.kill('n3');
      const n1 = mesh.shown('n0', 'n1');
      const done = ((): readonly Done[] => {
        mesh.poke('n0', pushed([recordOf({ id: 'n1', address: 'n1:1', version: (n1?.version ?? 0) + 1 })], 'n2'));
        return doneDuring(mesh, 200);
      })();
      const told = only('sendDiff', done).filter(({ by }) => by === 'n0');
      expect(told.map(({ effect }) => effect.address)).toEqual(['n3:1']);
    },
  );

  it('is a newcomer too: what it has just learned it does not push', () => {
    const mesh = formedMesh(10, 1, PUSHES_ONLY);
    mesh.run(1_000);
    mesh.start('late', { join: ['n3:1'], config: PUSHES_ONLY });
    const done = doneDuring(mesh, 3_000);
    expect(mesh.agreed()).toBe(true);
    const told = toldBy('late', done).map(({ ids }) => ids);
    expect(told.filter((ids) => ids !== 'late')).toEqual([]);
    expect(mesh.core('late').recordCount).toBe(11);
  });
});

/** A node in company, whose peers tell it one thing at each of these times, ms. */
function toldAt(times: readonly number[], config: Partial<GossipConfig> = {}): readonly string[] {
  const mesh = formedMesh(2, 1, { ...PUSHES_ONLY, ...config });
  mesh.run(1_000);
  const begun = mesh.now;
  const done: Done[] = [];
  for (const [index, at] of times.entries()) {
    done.push(...doneDuring(mesh, begun + at - mesh.now));
    mesh.poke('n0', suspicion(index));
  }
  done.push(...doneDuring(mesh, 1_000));
  return toldBy('n0', done).map(({ at, ids }) => `${at - begun}: ${ids}`);
}

function suspicion(index: number): Input {
  return pushed([recordOf({ id: `m${index}`, version: EPOCH, state: 'SUSPECTED_DEAD' })]);
}

/** When n0 tells two pieces of news, the second 20 ms after the first, while nobody answers; or until they answer again after so long. */
function toldToTheSilent(nodes: number, until = Number.POSITIVE_INFINITY): readonly string[] {
  const mesh = formedMesh(nodes, 1, PUSHES_ONLY);
  mesh.run(1_000);
  const begun = mesh.now;
  const pending: (() => void)[] = [];
  mesh.reaches = () => false;
  const done: Done[] = [];
  mesh.poke('n0', suspicion(0));
  done.push(...doneDuring(mesh, 20));
  mesh.poke('n0', suspicion(1));
  for (const { effect } of only('sendDiff', done)) {
    const message = diffFrom('peer');
    pending.push(() => mesh.poke('n0', { kind: 'diffAnswered', exchange: effect.exchange, message }));
  }
  if (until < 900) {
    done.push(...doneDuring(mesh, begun + until - mesh.now));
    for (const answer of pending) answer();
  }
  done.push(...doneDuring(mesh, begun + 900 - mesh.now));
  return toldBy('n0', done).map(({ at, ids }) => `${at - begun}: ${ids}`);
}

describe('what comes in', () => {
  it('within the window goes out together', () => {
    expect(toldAt([0, 2, 4])).toEqual(['5: m0 m1 m2']);
  });

  it('after it waits until the least gap is over', () => {
    expect(toldAt([0, 25, 90, 300])).toEqual(['5: m0', '105: m1 m2', '305: m3']);
  });

  it('waits as long as the settings say', () => {
    const config = { eagerWindow: millis(50), eagerMinGap: millis(400) };
    expect(toldAt([0, 60, 500], config)).toEqual(['50: m0', '450: m1', '850: m2']);
  });

  it('waits twice as long for each push that is still unanswered, and looks again after each least gap', () => {
    expect(toldToTheSilent(2)).toEqual(['5: m0', '205: m1']);
    expect(toldToTheSilent(3)).toEqual(['5: m0', '405: m1']);
    expect(toldToTheSilent(9)).toEqual(['5: m0', '805: m1']);
    expect(toldToTheSilent(9, 250)).toEqual(['5: m0', '320: m1']);
  });

  it('waits less than an interval, however many pushes are unanswered', () => {
    const mesh = formedMesh(9, 1, PUSHES_ONLY);
    mesh.run(1_000);
    mesh.reaches = () => false;
    const done: Done[] = [];
    for (let index = 0; index < 8; index += 1) {
      mesh.poke('n0', suspicion(index));
      done.push(...doneDuring(mesh, 500));
    }
    const known = new Set<string>();
    const times = toldBy('n0', done).flatMap(({ at, ids }) => {
      const news = ids.split(' ').filter((id) => !known.has(id));
      for (const id of news) known.add(id);
      return news.length > 0 ? [at] : [];
    });
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeLessThan(1_000);
    expect(known.size).toBeGreaterThan(5);
  });

  it('and is more than one delta may hold goes out in parts, and none is lost', () => {
    const mesh = formedMesh(3, 1, { ...PUSHES_ONLY, maxDeltaBytes: 1_000 });
    mesh.run(1_000);
    const many = Array.from(
      { length: 40 },
      (_, index): RecordOptions => ({ id: `m${index}`, version: EPOCH, metadata: 'x'.repeat(200) }),
    );
    mesh.poke('n0', pushed(many.map((options) => recordOf(options))));
    const done = doneDuring(mesh, 5_000);
    const parts = toldBy('n0', done);
    expect(parts.length).toBeGreaterThan(10);
    // Nobody is at the addresses of these members, so some parts are told again to others.
    expect([...new Set(parts.flatMap(({ ids }) => ids.split(' ')))]).toEqual(many.map(({ id }) => id));
    for (const name of ['n1', 'n2']) expect(mesh.members(name).length).toBe(43);
  });
});

/** Whom n0 tells of its new labels at once, when n1 has just died. */
function toldAfterDeath(nodes: number): readonly string[] {
  const mesh = formedMesh(nodes);
  mesh.run(10_000);
  mesh.kill('n1');
  mesh.run(4_000);
  expect(mesh.shown('n0', 'n1')?.state).toBe('HEALTHY');
  mesh.relabel('n0', 'changed');
  const told = only('sendDiff', doneDuring(mesh, 50)).filter(
    ({ by, effect }) => by === 'n0' && effect.message.pushOnly,
  );
  return told.map(({ effect }) => effect.address).toSorted();
}

describe('news for peers that do not answer', () => {
  it.each(SEEDS)('is told to others in their place, so that all who live have it (seed %i)', (seed) => {
    const mesh = pushing(seed);
    for (let index = 2; index < 30; index += 3) mesh.kill(`n${index}`);
    mesh.relabel('n7', 'changed');
    const done = doneDuring(mesh, 5_000);
    expect(mesh.ids().filter((name) => mesh.text(name, 'n7') !== 'changed')).toEqual([]);
    const most = Math.max(...mesh.ids().map((name) => only('sendDiff', done).filter(({ by }) => by === name).length));
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(6);
  });

  it('is told to those who answer first of all', () => {
    expect(toldAfterDeath(5)).toEqual(['n2:1', 'n3:1', 'n4:1']);
  });

  it('is told to them when there is nobody else', () => {
    expect(toldAfterDeath(3)).toEqual(['n1:1', 'n2:1']);
  });
});

describe('a newcomer with more to tell', () => {
  it('tells those to whom it has a connection, and the next in the ring', () => {
    const mesh = formedMesh(20, 1, PUSHES_ONLY);
    mesh.run(1_000);
    mesh.start('late', { join: ['n3:1'], config: PUSHES_ONLY });
    const toldOf = (labels: string): readonly string[] => {
      mesh.relabel('late', labels);
      return only('sendDiff', doneDuring(mesh, 1_000)).flatMap(({ by, effect }) =>
        by === 'late' && effect.message.pushOnly ? [effect.address] : [],
      );
    };
    mesh.run(1_000);
    const first = toldOf('one').toSorted();
    // It has joined by n3, and `n0` comes next in the ring of ids.
    expect(first).toHaveLength(3);
    expect(first).toEqual(expect.arrayContaining(['n0:1', 'n3:1']));
    for (const labels of ['two', 'three', 'four']) expect(toldOf(labels).toSorted()).toEqual(first);
    // The one that it can not reach any more is told no longer before others: another has taken its place.
    mesh.kill('n3');
    toldOf('five');
    for (const labels of ['six', 'seven', 'eight', 'nine']) expect(toldOf(labels)).not.toContain('n3:1');
  });
});

describe('a node alone', () => {
  it('pushes nothing to nobody', () => {
    const mesh = new VirtualMesh();
    mesh.start('a');
    mesh.relabel('a', 'changed');
    expect(only('event', doneDuring(mesh, 1_000))).toEqual([]);
  });
});
