import { Document, isScalar } from 'yaml';
import { invariant } from '../base/invariant.ts';
import type { EffectiveConfig } from './effective.ts';
import type { Setting } from './setting.ts';
import { SETTING_LIST, type SettingKey } from './settings.ts';
import { describeSource, type Source } from './source.ts';

/** A setting with the value that it came to. */
export interface ShownSetting {
  readonly setting: Setting;
  /** Undefined when it has none. */
  readonly value: unknown;
  readonly source: Source;
}

/**
 * The effective configuration as YAML, for `--print-config`: every key with the source of its value as a comment, secrets blanked.
 * Given back as `--config` it makes the same configuration, on another host too.
 */
export function renderEffectiveConfig(config: EffectiveConfig): string {
  return renderSettings(
    SETTING_LIST.map((setting) => ({
      setting,
      value: valueAt(config, setting.key),
      source: config.sources[setting.key as SettingKey],
    })),
  );
}

/** Any settings with their values, as YAML. */
export function renderSettings(shown: readonly ShownSetting[]): string {
  const document = new Document({});
  for (const { setting, value, source } of shown) {
    const content = setting.secret === true ? '(not shown)' : value === undefined ? null : setting.kind.show(value);
    const node = document.createNode(content);
    const path: unknown[] = setting.key.split('.');
    const key = document.createNode(path.pop());
    // The comment of a list or map would stand below it, so it goes above the key.
    if (isScalar(node)) node.comment = ` ${describeSource(source)}`;
    else key.commentBefore = ` ${describeSource(source)}`;
    document.setIn([...path, key], node);
  }
  return document.toString({ lineWidth: 0 });
}

/** The value of a setting by its key; undefined when it has none. */
export function valueAt(config: EffectiveConfig, key: string): unknown {
  let value: unknown = config;
  for (const name of key.split('.')) {
    invariant(typeof value === 'object' && value !== null, `the configuration has the shape of its keys: ${key}`);
    value = Reflect.get(value, name);
  }
  return value;
}
