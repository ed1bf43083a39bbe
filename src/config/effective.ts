import type { Millis, NodeId } from '../base/brands.ts';
import type { NodeMetadata } from '../base/metadata.ts';
import { DEFAULT_GOSSIP_CONFIG, type GossipConfig } from '../gossip/config.ts';
import type { BootstrapTarget } from '../gossip/input.ts';
import type { HostPort } from './address.ts';
import type { Advertised } from './advertise.ts';
import type { SettingKey, SettingValue } from './settings.ts';
import type { Source } from './source.ts';

/**
 * The configuration that an agent runs with: checked, complete and frozen to its depths. Its shape is that of the file, so the
 * value of a key is found by following the key.
 */
export interface EffectiveConfig {
  readonly nodeId: NodeId;
  readonly mesh: string;
  readonly gossip: {
    readonly bind: HostPort;
    readonly advertise: Advertised;
    /** Absent: peers are called directly. */
    readonly proxy?: HostPort;
    readonly bootstrapPeers: readonly BootstrapTarget[];
    readonly factor: number;
    readonly interval: Millis;
    readonly rpcTimeout: Millis;
    readonly stalenessThreshold: number;
    readonly deadThreshold: number;
    readonly deadRetention: Millis;
    readonly reflection: boolean;
  };
  readonly http: HttpConfig;
  /** `bind` is absent when the metrics are on the HTTP server. */
  readonly metrics: { readonly bind?: HostPort };
  readonly cluster: NodeMetadata;
  /** Absent: nothing is written to disk. */
  readonly dataDir?: string;
  readonly drainTimeout: Millis;
  readonly log: {
    readonly level: SettingValue<'log.level'>;
    readonly format: SettingValue<'log.format'>;
  };
  /** Where each value came from. */
  readonly sources: Readonly<Record<SettingKey, Source>>;
}

/** What the HTTP server is to be like. */
export interface HttpConfig {
  readonly bind: HostPort;
  readonly insecure: boolean;
  readonly tokenFile?: string;
  readonly sessionKeyFile?: string;
  /** Issuer and audience are both there or both absent. */
  readonly oidc: {
    readonly issuer?: string;
    readonly audience?: string;
    readonly jwks?: string;
    readonly writeScope: string;
    readonly clockTolerance: Millis;
  };
  /** Both there or both absent. */
  readonly tls: { readonly cert?: string; readonly key?: string };
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** Requests a second. */
  readonly rate: number;
  readonly burst: number;
}

/** The numbers that the protocol's core takes; what is not configurable has its default. */
export function toGossipConfig({ mesh, gossip }: EffectiveConfig): GossipConfig {
  return Object.freeze({
    ...DEFAULT_GOSSIP_CONFIG,
    mesh,
    gossipFactor: gossip.factor,
    gossipInterval: gossip.interval,
    stalenessThreshold: gossip.stalenessThreshold,
    deadThreshold: gossip.deadThreshold,
    deadRetention: gossip.deadRetention,
  });
}

/** Freezes plain data with all that is in it, and gives it back. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
