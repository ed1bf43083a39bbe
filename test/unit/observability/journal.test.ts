import { describe, expect, it } from 'vitest';
import { nodeId, unixMillis, type Version } from '../../../src/base/brands.ts';
import type { NodeMetadata } from '../../../src/base/metadata.ts';
import type { GossipEvent } from '../../../src/gossip/event.ts';
import { JOURNAL_CAPACITY, Journal } from '../../../src/observability/journal.ts';

type MemberChanged = Extract<GossipEvent, { readonly kind: 'memberChanged' }>;

const SELF = nodeId('self');

function changed(fields: Partial<MemberChanged>): MemberChanged {
  return { kind: 'memberChanged', id: nodeId('a'), address: 'a:1', left: false, version: 1 as Version, ...fields };
}

function told(fields: Partial<NodeMetadata> = {}): NodeMetadata {
  return { apiEndpoint: 'https://a', apiPort: 443, labels: { env: 'prod' }, ...fields };
}

/** Feeds a journal and gives what it wrote down. */
function written(...steps: readonly (readonly [GossipEvent, NodeMetadata?])[]) {
  const journal = new Journal(SELF);
  for (const [index, [event, metadata]] of steps.entries()) journal.note(event, unixMillis(1_000 + index), metadata);
  return journal.entries();
}

describe('the journal', () => {
  it.each<[string, Partial<MemberChanged>, string | undefined]>([
    ['a new member', { to: 'HEALTHY' }, 'joined'],
    ['a new member that is doubted', { to: 'SUSPECTED_DEAD' }, 'joined'],
    ['a doubt', { from: 'HEALTHY', to: 'SUSPECTED_DEAD' }, 'suspected'],
    ['a death', { from: 'SUSPECTED_DEAD', to: 'DEAD' }, 'died'],
    ['a goodbye', { from: 'HEALTHY', to: 'DEAD', left: true }, 'left'],
    ['the end of a doubt', { from: 'SUSPECTED_DEAD', to: 'HEALTHY' }, 'returned'],
    ['a return from the dead', { from: 'DEAD', to: 'HEALTHY' }, 'returned'],
    ['a new version with nothing new', { from: 'HEALTHY', to: 'HEALTHY' }, 'renewed'],
    ['a new version of a dead member', { from: 'DEAD', to: 'DEAD' }, undefined],
    ['the end of its time in the list', { from: 'DEAD' }, 'removed'],
  ])('tells of %s', (_what, fields, kind) => {
    const entries = written([changed(fields), told()]);
    expect(entries.map((entry) => entry.kind)).toEqual(kind === undefined ? [] : [kind]);
  });

  it('says when, who, which version, and from what to what', () => {
    const [entry] = written([changed({ from: 'HEALTHY', to: 'SUSPECTED_DEAD', version: 7 as Version }), told()]);
    expect(entry).toStrictEqual({
      seq: 1,
      at: 1_000,
      kind: 'suspected',
      id: 'a',
      from: 'HEALTHY',
      to: 'SUSPECTED_DEAD',
      version: 7,
      changes: [],
    });
  });

  it('says what a member tells otherwise than before', () => {
    const [, entry] = written(
      [changed({ to: 'HEALTHY' }), told({ labels: { env: 'prod', toString: 'x', old: '1' } })],
      [
        changed({ from: 'HEALTHY', to: 'HEALTHY', address: 'b:2' }),
        told({ apiEndpoint: 'https://b', apiPort: 8443, labels: { env: 'dev', toString: 'x', new: '' } }),
      ],
    );
    expect(entry?.kind).toBe('changed');
    expect(entry?.changes).toStrictEqual([
      { field: 'apiEndpoint', from: 'https://a', to: 'https://b' },
      { field: 'apiPort', from: '443', to: '8443' },
      { field: 'address', from: 'a:1', to: 'b:2' },
      { field: 'label', key: 'env', from: 'prod', to: 'dev' },
      { field: 'label', key: 'new', to: '' },
      { field: 'label', key: 'old', from: '1' },
    ]);
  });

  it('compares a member that comes anew with nothing', () => {
    const entries = written(
      [changed({ to: 'HEALTHY' }), told()],
      [changed({ from: 'HEALTHY' }), told()],
      [changed({ to: 'HEALTHY' }), told({ apiPort: 1 })],
    );
    expect(entries.map(({ kind, changes }) => [kind, changes.length])).toEqual([
      ['joined', 0],
      ['removed', 0],
      ['joined', 0],
    ]);
  });

  it('tells of this node when it loses all others and finds them again', () => {
    const entries = written(
      [{ kind: 'isolated', cycles: 5 }],
      [{ kind: 'reconnected', after: 9 }],
      [{ kind: 'leaving' }],
    );
    expect(entries.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['isolated self', 'reconnected self']);
  });

  it('keeps the last, in the order of their coming', () => {
    const entries = written(
      ...Array.from({ length: JOURNAL_CAPACITY + 5 }, (): [GossipEvent] => [{ kind: 'isolated', cycles: 1 }]),
    );
    expect(entries).toHaveLength(JOURNAL_CAPACITY);
    expect(entries[0]?.seq).toBe(6);
    expect(entries.at(-1)?.seq).toBe(JOURNAL_CAPACITY + 5);
  });
});
