import * as z from 'zod';
import { isVersion, millis, type Now, nodeId, unixMillis } from '../base/brands.ts';
import type { GossipConfig } from '../gossip/config.ts';
import type { BootstrapTarget, ExchangeFailure, Identity, Input } from '../gossip/input.ts';
import type { DeltaAnswer, Diff, Heartbeat, Probe, ProbeAnswer } from '../gossip/messages.ts';
import { Fingerprint } from '../store/fingerprint.ts';
import { DigestEntry, MemberRecord, PEER_STATES } from '../store/record.ts';
import { isJsonObject, type Json } from './recording-json.ts';

/** What a recording holds, as it is read back. Every field is expected and no other: a recording that is half understood is not one. */

const id = z.string().transform(nodeId);
const duration = z.number().transform(millis);
const wallTime = z.number().transform(unixMillis);
const whole = z.int();
export const versionShape = z.number().refine(isVersion, 'must be a version');
const bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

export const nowShape: z.ZodType<Now> = z.strictObject({ monotonic: duration, wall: wallTime });

const claim = { version: versionShape, state: z.enum(PEER_STATES), left: z.boolean(), address: z.string() };

const digest = z
  .array(
    z.tuple([
      id,
      z.strictObject({ ...claim, lastSeen: wallTime }).transform((entry) => new DigestEntry(entry, entry.lastSeen)),
    ]),
  )
  .transform((pairs) => new Map(pairs));

const delta = z.array(
  z
    .strictObject({ ...claim, forgotten: z.boolean(), id, metadata: bytes })
    .transform((record) => new MemberRecord(record.id, record, record.metadata)),
);

const half = z.int().min(0).max(0xffff_ffff);
const fingerprint = z.strictObject({ high: half, low: half }).transform(({ high, low }) => new Fingerprint(high, low));
const envelope = { source: id, mesh: z.string() };
const heartbeat: z.ZodType<Heartbeat> = z.strictObject({
  ...envelope,
  sentAt: wallTime,
  digest,
  fingerprint: fingerprint.exactOptional(),
  buckets: z.array(fingerprint).exactOptional(),
});
const diff: z.ZodType<Diff> = z.strictObject({
  ...envelope,
  delta,
  digest,
  pushOnly: z.boolean(),
  fingerprint: fingerprint.exactOptional(),
  inSync: z.literal(true).exactOptional(),
  scope: half.exactOptional(),
});
const probe: z.ZodType<Probe> = z.strictObject({ ...envelope, target: id });
const probeAnswer: z.ZodType<ProbeAnswer> = z.strictObject({ ...envelope, reached: z.boolean() });
const deltaAnswer: z.ZodType<DeltaAnswer> = z.strictObject({ ...envelope, delta });

const failure = z.enum({
  unreachable: 'unreachable',
  timeout: 'timeout',
  refused: 'refused',
  bad_answer: 'bad_answer',
} satisfies { readonly [Reason in ExchangeFailure]: Reason });

export const bootstrapShape: z.ZodType<readonly BootstrapTarget[]> = z.array(
  z.strictObject({
    target: z.string(),
    origin: z.enum({ configured: 'configured', snapshot: 'snapshot' } satisfies {
      readonly [Origin in BootstrapTarget['origin']]: Origin;
    }),
  }),
);

export const inputShape: z.ZodType<Input> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start') }),
  z.strictObject({ kind: z.literal('wake') }),
  z.strictObject({ kind: z.literal('heartbeatReceived'), call: whole, message: heartbeat }),
  z.strictObject({ kind: z.literal('diffReceived'), call: whole, message: diff }),
  z.strictObject({ kind: z.literal('probeReceived'), call: whole, message: probe }),
  z.strictObject({ kind: z.literal('heartbeatAnswered'), exchange: whole, message: diff }),
  z.strictObject({ kind: z.literal('diffAnswered'), exchange: whole, message: deltaAnswer }),
  z.strictObject({ kind: z.literal('probeAnswered'), exchange: whole, message: probeAnswer }),
  z.strictObject({ kind: z.literal('exchangeFailed'), exchange: whole, reason: failure }),
  z.strictObject({ kind: z.literal('resolved'), target: z.string(), addresses: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('metadataChanged'), metadata: bytes }),
  z.strictObject({ kind: z.literal('join'), targets: bootstrapShape }),
  z.strictObject({ kind: z.literal('forget'), id }),
  z.strictObject({ kind: z.literal('leave') }),
]);

/** Effects are compared, never carried out: they stay the JSON that they are. */
export const effectsShape: z.ZodType<readonly Json[]> = z.custom<readonly Json[]>(
  isListOfEffects,
  'must be a list of effects, each with its kind',
);

export const configShape: z.ZodType<GossipConfig> = z.strictObject({
  mesh: z.string(),
  gossipFactor: z.number(),
  leastContacts: z.number(),
  gossipInterval: duration,
  stalenessThreshold: z.number(),
  deadThreshold: z.number(),
  deadRetention: duration,
  tombstoneTtl: duration,
  maxTombstones: z.number(),
  maxVersionLead: duration,
  maxDeltaBytes: z.number(),
  maxMembers: z.number(),
  eagerWindow: duration,
  eagerMinGap: duration,
  leaveTimeout: duration,
});

export const identityShape: z.ZodType<Identity> = z.strictObject({ id, address: z.string(), metadata: bytes });

function isListOfEffects(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const effects: readonly Json[] = value;
  return effects.every((effect) => isJsonObject(effect) && typeof effect['kind'] === 'string');
}
