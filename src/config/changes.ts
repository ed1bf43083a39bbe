import { isDeepStrictEqual } from 'node:util';
import type { EffectiveConfig } from './effective.ts';
import { valueAt } from './render.ts';
import { SETTING_LIST, type SettingKey } from './settings.ts';

/** The settings that a running agent takes in; all others need a restart. */
const RELOADABLE: ReadonlySet<string> = new Set<SettingKey>([
  'cluster.apiEndpoint',
  'cluster.apiPort',
  'cluster.labels',
  'gossip.bootstrapPeers',
  'log.level',
]);

/** The settings that are not the same in two configurations, by their keys. */
export interface ConfigChanges {
  readonly reloadable: readonly string[];
  readonly fixed: readonly string[];
}

/** Compares two configurations, setting by setting. */
export function configChanges(before: EffectiveConfig, after: EffectiveConfig): ConfigChanges {
  const changed = SETTING_LIST.map(({ key }) => key).filter(
    (key) => !isDeepStrictEqual(valueAt(before, key), valueAt(after, key)),
  );
  return {
    reloadable: changed.filter((key) => RELOADABLE.has(key)),
    fixed: changed.filter((key) => !RELOADABLE.has(key)),
  };
}
