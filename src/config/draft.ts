import { invariant } from '../base/invariant.ts';
import type { SettingKey, SettingValue } from './settings.ts';
import type { Settled } from './settle.ts';
import type { Source } from './source.ts';

/** The values that were found sound so far, with their types. */
export class Draft {
  readonly #settled: ReadonlyMap<string, Settled>;

  constructor(settled: ReadonlyMap<string, Settled>) {
    this.#settled = settled;
  }

  /** The value of a setting; undefined when it has none or a bad one. */
  find<Key extends SettingKey>(key: Key): SettingValue<Key> | undefined {
    return this.#settled.get(key)?.value as SettingValue<Key> | undefined;
  }

  /** The value of a setting that is there, since the configuration has no problem. */
  get<Key extends SettingKey>(key: Key): SettingValue<Key> {
    const value = this.find(key);
    invariant(value !== undefined, `${key} has a value`);
    return value;
  }

  /** Where a value came from; undefined when the setting has a problem. */
  source(key: SettingKey): Source | undefined {
    return this.#settled.get(key)?.source;
  }
}
