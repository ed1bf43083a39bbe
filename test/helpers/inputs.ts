import { nodeId, unixMillis } from '../../src/base/brands.ts';
import type { Effect } from '../../src/gossip/effect.ts';
import type { Input } from '../../src/gossip/input.ts';
import type { Diff, Heartbeat } from '../../src/gossip/messages.ts';
import type { MemberRecord } from '../../src/store/record.ts';
import { digestOf } from './records.ts';
import { EPOCH, type VirtualMesh } from './virtual-mesh.ts';

type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>;

/** `source` tells these records and nothing else. */
export function pushed(records: readonly MemberRecord[], source = 'peer', mesh = 'default'): InputOf<'diffReceived'> {
  return { kind: 'diffReceived', call: -1, message: { ...diffFrom(source, { delta: records, pushOnly: true }), mesh } };
}

/** `source` says what it holds. What is not given is left out, as a peer that knows no extension field would. */
export function greeted(source: string, says: Partial<Heartbeat> = {}, call = -1): InputOf<'heartbeatReceived'> {
  const message = { source: nodeId(source), mesh: 'default', sentAt: unixMillis(EPOCH), digest: digestOf([]), ...says };
  return { kind: 'heartbeatReceived', call, message };
}

/** A diff that says nothing but what is given. */
export function diffFrom(source: string, says: Partial<Diff> = {}): Diff {
  return { source: nodeId(source), mesh: 'default', delta: [], digest: digestOf([]), pushOnly: false, ...says };
}

/** Hands a node an input and tells what it wants done at once. */
export function effectsOf(mesh: VirtualMesh, name: string, input: Input): readonly Effect[] {
  const effects: Effect[] = [];
  mesh.watch = (by, effect) => {
    if (by === name) effects.push(effect);
  };
  mesh.poke(name, input);
  mesh.watch = () => {};
  return effects;
}

/** What a node wanted done at a time of virtual time, ms. */
export interface Done {
  readonly at: number;
  readonly by: string;
  readonly effect: Effect;
}

/** Runs a mesh for a while and tells what its nodes did. */
export function doneDuring(mesh: VirtualMesh, ms: number): readonly Done[] {
  const done: Done[] = [];
  mesh.watch = (by, effect) => done.push({ at: mesh.now, by, effect });
  mesh.run(ms);
  mesh.watch = () => {};
  return done;
}

/** The effects of one kind among what was done. */
export function only<Kind extends Effect['kind']>(
  kind: Kind,
  done: readonly Done[],
): readonly (Done & { readonly effect: Extract<Effect, { kind: Kind }> })[] {
  return done.flatMap(({ effect, ...rest }) => (isKind(kind, effect) ? [{ ...rest, effect }] : []));
}

function isKind<Kind extends Effect['kind']>(kind: Kind, effect: Effect): effect is Extract<Effect, { kind: Kind }> {
  return effect.kind === kind;
}
